package io.warren.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What went wrong, and when; the first few of each kind. For any thread. */
final class Happenings {
    private static final int MOST_OF_A_KIND = 20;
    private static final int MOST_KINDS = 50;

    private final List<Answer.Happened> list = new ArrayList<>();
    private final Map<String, Integer> ofKind = new HashMap<>();

    synchronized void add(String kind, String what) {
        if (ofKind.size() >= MOST_KINDS && !ofKind.containsKey(kind)) {
            return;
        }
        if (ofKind.merge(kind, 1, Integer::sum) <= MOST_OF_A_KIND) {
            list.add(new Answer.Happened(System.nanoTime(), kind + ": " + what));
        }
    }

    /** All since the last time. */
    synchronized List<Answer.Happened> take() {
        List<Answer.Happened> all = List.copyOf(list);
        list.clear();
        ofKind.clear();
        return all;
    }
}
