package io.warren.dataplane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** How much one packet thread works and how long a batch takes. One thread writes, any reads. */
final class WorkMeter {
    /** The last counts batches of half a second and more. */
    private static final int CLASSES = 20;

    // Places in the figures
    private static final int BUSY = 0;
    private static final int PACKETS = 1;
    private static final int BATCHES = 2;
    private static final int LONGEST = 3;
    private static final int FIRST_CLASS = 4;

    private final String name;
    private final long startedAt;
    private final AtomicLongArray figures = new AtomicLongArray(FIRST_CLASS + CLASSES);

    /** @param now monotonic, in nanoseconds */
    WorkMeter(String name, long now) {
        this.name = name;
        this.startedAt = now;
    }

    String name() {
        return name;
    }

    /** Notes a batch. Times are monotonic, in nanoseconds. */
    void worked(long from, long to, int packets) {
        long nanos = to - from;
        add(BUSY, nanos);
        add(PACKETS, packets);
        add(BATCHES, 1);
        if (nanos > figures.getOpaque(LONGEST)) {
            figures.setOpaque(LONGEST, nanos);
        }
        int log = 63 - Long.numberOfLeadingZeros(nanos / 1_000 | 1);
        add(FIRST_CLASS + Math.min(log, CLASSES - 1), 1);
    }

    private void add(int place, long value) {
        figures.setOpaque(place, figures.getOpaque(place) + value);
    }

    WorkerFigures read(long now) {
        List<Long> classes = new ArrayList<>();
        for (int index = 0; index < CLASSES; index++) {
            classes.add(figures.getOpaque(FIRST_CLASS + index));
        }
        return new WorkerFigures(
                name,
                now - startedAt,
                figures.getOpaque(BUSY),
                figures.getOpaque(PACKETS),
                figures.getOpaque(BATCHES),
                figures.getOpaque(LONGEST),
                List.copyOf(classes));
    }
}
