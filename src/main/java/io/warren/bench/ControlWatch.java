package io.warren.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Looks at the control packets of some tunnels as they pass: how long each message of ours waited for its acknowledgement
 * (RFC 2661 §5.8), and what the peer ended. Belongs to one thread at a time.
 */
final class ControlWatch {
    /** Octets of a control header (RFC 2661 §3.1); a message of no more is a zero-length body. */
    private static final int HEADER = 12;

    private static final int NS = 8;
    private static final int NR = 10;
    /** The Message Type AVP is the first: its attribute type is 0, its value follows (RFC 2661 §4.1, §4.4.1). */
    private static final int ATTRIBUTE = 16;

    private static final int MESSAGE_TYPE = 18;
    private static final int STOP_CCN = 4;
    private static final int HELLO = 6;
    private static final int CDN = 14;

    private record Waiting(int ns, long since) {}

    /** By tunnel, in the order of their numbers. */
    private final Deque<Waiting>[] waiting;

    private final long[] longest;
    private final long[] longestBegan;
    private LatencyHistogram waits = new LatencyHistogram();
    private long acknowledged;
    private long hellos;
    private long cdns;
    private long stopCcns;
    private long wrongSources;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    ControlWatch(int tunnels) {
        waiting = new Deque[tunnels];
        for (int tunnel = 0; tunnel < tunnels; tunnel++) {
            waiting[tunnel] = new ArrayDeque<>();
        }
        longest = new long[tunnels];
        longestBegan = new long[tunnels];
    }

    /** From now on all is counted from zero. Who waits goes on waiting. */
    void reset() {
        Arrays.fill(longest, 0);
        waits = new LatencyHistogram();
        acknowledged = 0;
        hellos = 0;
        cdns = 0;
        stopCcns = 0;
        wrongSources = 0;
    }

    /** A datagram came that had another source than the one we speak to. */
    void wrongSource() {
        wrongSources++;
    }

    /** A datagram of ours leaves, perhaps not for the first time. */
    void sent(int tunnel, byte[] datagram, long now) {
        if (!isControl(datagram) || datagram.length == HEADER) {
            return;
        }
        int ns = u16(datagram, NS);
        Waiting last = waiting[tunnel].peekLast();
        if (last == null || after(ns, last.ns())) {
            waiting[tunnel].add(new Waiting(ns, now));
            if (messageType(datagram) == HELLO) {
                hellos++;
            }
        }
    }

    /** A datagram of the peer came. */
    void received(int tunnel, byte[] datagram, long now) {
        if (!isControl(datagram)) {
            return;
        }
        int nr = u16(datagram, NR);
        for (Waiting first = waiting[tunnel].peek();
                first != null && after(nr, first.ns());
                first = waiting[tunnel].peek()) {
            waiting[tunnel].remove();
            acknowledged++;
            waits.add(now - first.since());
            note(tunnel, first, now);
        }
        switch (messageType(datagram)) {
            case STOP_CCN -> stopCcns++;
            case CDN -> cdns++;
            default -> {}
        }
    }

    private void note(int tunnel, Waiting message, long now) {
        if (now - message.since() > longest[tunnel]) {
            longest[tunnel] = now - message.since();
            longestBegan[tunnel] = message.since();
        }
    }

    /** What was seen, repeats of the peer's messages included. */
    Answer.Control figures(long now) {
        int unanswered = 0;
        for (int tunnel = 0; tunnel < waiting.length; tunnel++) {
            Waiting first = waiting[tunnel].peek();
            if (first != null && now - first.since() > Gaps.NOTABLE_MILLIS * 1e6) {
                note(tunnel, first, now);
                unanswered++;
            }
        }
        return new Answer.Control(
                hellos,
                acknowledged,
                waits.quantile(0.5) / 1e6,
                waits.quantile(0.99) / 1e6,
                Gaps.of(longest, longestBegan, unanswered),
                cdns,
                stopCcns,
                wrongSources);
    }

    private static boolean isControl(byte[] datagram) {
        return datagram.length >= HEADER && datagram[0] < 0;
    }

    /** -1 when there is none that can be read. */
    private static int messageType(byte[] datagram) {
        return datagram.length >= MESSAGE_TYPE + 2 && u16(datagram, ATTRIBUTE) == 0 ? u16(datagram, MESSAGE_TYPE) : -1;
    }

    /** Whether a number is after another one, in a circle (RFC 2661 §5.8). */
    private static boolean after(int number, int other) {
        return (short) (number - other) > 0;
    }

    private static int u16(byte[] datagram, int at) {
        return (datagram[at] & 0xff) << 8 | (datagram[at + 1] & 0xff);
    }
}
