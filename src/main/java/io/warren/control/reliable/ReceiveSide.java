package io.warren.control.reliable;

import static io.warren.wire.l2tp.SequenceNumber.distance;
import static io.warren.wire.l2tp.SequenceNumber.isAfter;
import static io.warren.wire.l2tp.SequenceNumber.isAtOrBefore;
import static io.warren.wire.l2tp.SequenceNumber.next;
import static io.warren.wire.l2tp.SequenceNumber.plus;

import io.warren.wire.l2tp.ControlPacket;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.IntTreePMap;

/**
 * The peer's messages on their way to us: order, duplicates, and which of them may be acknowledged.
 *
 * <p>A message is delivered in order, but acknowledged only when its effect is safe, so {@code acked} may stay behind
 * {@code expected}.
 *
 * @param acked the Nr that we report: every message before it is handled
 * @param expected number of the next message to deliver
 * @param open delivered, but not handled yet; a set
 * @param early arrived, but not delivered yet
 * @param located whether the peer's position is known: not so just after a restart
 * @param settleAt when to take the lowest number that is known for the peer's position
 * @param peerNext number of the peer's next message as its ZLB said while its position was unknown; -1: not heard
 * @param replayEnd messages before this number may have been handled before a restart; -1: none
 */
record ReceiveSide(
        int acked,
        int expected,
        IntTreePMap<Boolean> open,
        IntTreePMap<ControlPacket> early,
        boolean located,
        long settleAt,
        int peerNext,
        int replayEnd) {
    private static final int HALF = 0x8000;
    static final int NONE = -1;

    static final ReceiveSide START =
            new ReceiveSide(0, 0, IntTreePMap.empty(), IntTreePMap.empty(), true, Long.MAX_VALUE, NONE, NONE);

    /** All before {@code nr} is handled, nothing is under way. */
    static ReceiveSide restored(int nr) {
        return new ReceiveSide(nr, nr, IntTreePMap.empty(), IntTreePMap.empty(), true, Long.MAX_VALUE, NONE, NONE);
    }

    /** What a number means to us. */
    enum Verdict {
        /** To be delivered in its turn. */
        TAKEN,
        /** Delivered before, but not handled: once more. */
        AGAIN,
        /** Handled before: only the acknowledgement was lost. */
        DUPLICATE,
        OUT_OF_WINDOW,
        /** Kept until the peer's position is known. */
        HELD
    }

    record Arrival(ReceiveSide side, Verdict verdict) {}

    record Delivery(ReceiveSide side, List<ControlPacket> packets) {}

    Arrival arrived(ControlPacket packet, int window, long now, long settleTime) {
        if (!located && packet.ns() != acked) {
            return arrivedBeforeLocated(packet, window, now, settleTime);
        }
        ReceiveSide side = located ? this : located(acked, replayEnd);
        int ahead = distance(acked, packet.ns());
        if (ahead >= HALF) {
            return new Arrival(side, Verdict.DUPLICATE);
        }
        if (ahead < distance(acked, expected)) {
            return new Arrival(side, open.containsKey(packet.ns()) ? Verdict.AGAIN : Verdict.DUPLICATE);
        }
        if (ahead >= window) {
            return new Arrival(side, Verdict.OUT_OF_WINDOW);
        }
        return new Arrival(side.early(early.plus(packet.ns(), packet)), Verdict.TAKEN);
    }

    private Arrival arrivedBeforeLocated(ControlPacket packet, int window, long now, long settleTime) {
        if (isAtOrBefore(packet.ns(), acked)) {
            return new Arrival(this, Verdict.DUPLICATE);
        }
        if (early.size() >= window) {
            return new Arrival(this, Verdict.OUT_OF_WINDOW);
        }
        long settle = settleAt == Long.MAX_VALUE ? now + settleTime : settleAt;
        return new Arrival(
                new ReceiveSide(
                        acked, expected, open, early.plus(packet.ns(), packet), false, settle, peerNext, replayEnd),
                Verdict.HELD);
    }

    /**
     * A ZLB's Ns is the number of the peer's next message. If that is ours too, nothing of his is on its way; else he
     * has time to repeat what we may have missed, and his position is known before he has something new to say.
     */
    ReceiveSide seenNextOfPeer(int ns, long now, long settleTime) {
        if (located || !isAtOrBefore(acked, ns)) {
            return this;
        }
        if (ns == acked && early.isEmpty()) {
            return located(acked, replayEnd);
        }
        long settle = settleAt == Long.MAX_VALUE ? now + settleTime : settleAt;
        return new ReceiveSide(acked, expected, open, early, false, settle, ns, replayEnd);
    }

    /** Takes the lowest number that arrived for the peer's position, once he had time to repeat what was lost. */
    ReceiveSide settled(long now, int window) {
        if (located || now < settleAt) {
            return this;
        }
        int nearest = peerNext == NONE ? HALF : distance(acked, peerNext);
        for (int ns : early.keySet()) {
            nearest = Math.min(nearest, distance(acked, ns));
        }
        int position = plus(acked, nearest);
        return located(position, plus(position, window));
    }

    Delivery delivered() {
        if (!located || !early.containsKey(expected)) {
            return new Delivery(this, List.of());
        }
        List<ControlPacket> packets = new ArrayList<>();
        IntTreePMap<ControlPacket> rest = early;
        IntTreePMap<Boolean> opened = open;
        int end = replayEnd;
        int ns = expected;
        for (ControlPacket packet = rest.get(ns); packet != null; packet = rest.get(ns)) {
            packets.add(packet);
            rest = rest.minus(ns);
            opened = opened.plus(ns, true);
            ns = next(ns);
            end = ns == end ? NONE : end;
        }
        return new Delivery(new ReceiveSide(acked, ns, opened, rest, true, Long.MAX_VALUE, NONE, end), packets);
    }

    ReceiveSide handled(int ns) {
        if (!open.containsKey(ns)) {
            return this;
        }
        IntTreePMap<Boolean> rest = open.minus(ns);
        int nr = acked;
        while (nr != expected && !rest.containsKey(nr)) {
            nr = next(nr);
        }
        return new ReceiveSide(nr, expected, rest, early, located, settleAt, peerNext, replayEnd);
    }

    ReceiveSide handledAll() {
        return new ReceiveSide(expected, expected, IntTreePMap.empty(), early, located, settleAt, peerNext, replayEnd);
    }

    /** What the journal knows: every message before {@code nr} is handled. */
    ReceiveSide handledTo(int nr) {
        if (!isAfter(nr, acked)) {
            return this;
        }
        int newExpected = isAfter(nr, expected) ? nr : expected;
        return new ReceiveSide(nr, newExpected, open, early, located, settleAt, peerNext, replayEnd);
    }

    ReceiveSide resumed(boolean exact, int window) {
        return new ReceiveSide(
                acked,
                acked,
                IntTreePMap.empty(),
                IntTreePMap.empty(),
                exact,
                Long.MAX_VALUE,
                NONE,
                plus(acked, window));
    }

    boolean mayBeReplay(int ns) {
        return replayEnd != NONE && isAfter(replayEnd, ns);
    }

    private ReceiveSide located(int position, int end) {
        return new ReceiveSide(position, position, open, early, true, Long.MAX_VALUE, NONE, end);
    }

    private ReceiveSide early(IntTreePMap<ControlPacket> value) {
        return new ReceiveSide(acked, expected, open, value, located, settleAt, peerNext, replayEnd);
    }
}
