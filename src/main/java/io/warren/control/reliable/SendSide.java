package io.warren.control.reliable;

import static io.warren.wire.l2tp.SequenceNumber.distance;
import static io.warren.wire.l2tp.SequenceNumber.isAfter;
import static io.warren.wire.l2tp.SequenceNumber.isAtOrBefore;
import static io.warren.wire.l2tp.SequenceNumber.plus;

import io.warren.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.IntTreePMap;

/**
 * Our messages on their way: numbering, window, repetition with growing waits. Only the oldest message has a running timer; a message behind it that was lost too
 * is repeated as soon as it is the oldest, because its own wait is over by then.
 *
 * @param queue by Ns, everything from {@code unacked} to before {@code next}
 * @param unacked oldest number that the peer has not acknowledged
 * @param unsent first number that was never transmitted: the Ns of a ZLB
 * @param next number of the next message
 * @param window how many may be on their way
 * @param guard Ns of the HELLO whose acknowledgement ends the search for our number after a restart, or -1
 * @param dueAt when the oldest message is to be repeated, monotonic nanoseconds
 */
record SendSide(
        IntTreePMap<Pending> queue,
        int unacked,
        int unsent,
        int next,
        CongestionWindow window,
        int guard,
        long dueAt,
        long retransmissions) {
    /** The window of a peer that sends no Receive Window Size AVP (RFC 2661 §4.4.3). */
    static final int DEFAULT_PEER_WINDOW = 4;

    private static final int HALF = 0x8000;
    private static final int NONE = -1;

    static final SendSide START = new SendSide(
            IntTreePMap.empty(), 0, 0, 0, CongestionWindow.of(DEFAULT_PEER_WINDOW), NONE, Long.MAX_VALUE, 0);

    static SendSide restored(int next, int oldest, int peerWindow, List<Segment> held) {
        IntTreePMap<Pending> queue = IntTreePMap.empty();
        for (Segment message : held) {
            queue = queue.plus(message.ns(), Pending.of(message.sessionId(), message.body(), false));
        }
        return new SendSide(queue, oldest, oldest, next, CongestionWindow.of(peerWindow), NONE, Long.MAX_VALUE, 0);
    }

    /** What leaves now. {@code dead}: the oldest message was repeated as often as allowed. */
    record Emission(SendSide side, List<Integer> numbers, boolean dead) {}

    boolean isIdle() {
        return unacked == next;
    }

    boolean isSearching() {
        return guard != NONE;
    }

    int inFlight() {
        return distance(unacked, unsent);
    }

    @Nullable
    Pending get(int ns) {
        return queue.get(ns);
    }

    SendSide withPeerWindow(int size) {
        return window(window.withPeer(size));
    }

    /** Puts a message under its number; numbers skipped before it stay empty until {@link #resumed}. */
    SendSide placed(int ns, Pending message) {
        SendSide side = queue(queue.plus(ns, message));
        return side.copy(unacked, unsent, plus(ns, 1));
    }

    /** Forgets what comes before {@code oldest}: the journal says that it was acknowledged. */
    SendSide prunedTo(int oldest) {
        return isAfter(oldest, unacked) ? removedTo(oldest) : this;
    }

    /** Makes {@code number} the next one, when the journal says that those before it are used up. */
    SendSide skippedTo(int number) {
        return isAfter(number, next) ? copy(unacked, unsent, number) : this;
    }

    /** Whether {@code nr} acknowledges nothing that was never sent. */
    boolean mayAcknowledge(int nr) {
        return isAtOrBefore(nr, unacked)
                || distance(unacked, nr) <= inFlight()
                || (isSearching() && distance(unacked, nr) < HALF);
    }

    /** Takes everything before {@code nr} for sent. */
    SendSide believing(int nr) {
        return isAfter(nr, unsent) ? copy(unacked, nr, isAfter(nr, next) ? nr : next) : this;
    }

    /** Takes an Nr for which {@link #mayAcknowledge} holds. */
    SendSide acknowledged(int nr, RetransmitPolicy policy, boolean helloTolerant) {
        if (isAtOrBefore(nr, unacked)) {
            return isSearching() ? guardSettled(nr, helloTolerant) : this;
        }
        boolean beyond = distance(unacked, nr) > distance(unacked, next);
        Pending helloAgain = beyond ? queue.get(guard) : null;
        SendSide side = removedTo(nr);
        side = side.window(side.window.grown());
        if (helloAgain != null) {
            SendSide again = side.copy(nr, nr, nr).placed(nr, helloAgain.forgotten());
            return again.guard(nr).timed(policy);
        }
        return side.guardSettled(nr, helloTolerant).timed(policy);
    }

    /** Sends what the window allows and repeats the oldest message when its wait is over. */
    Emission emitted(long now, RetransmitPolicy policy, boolean helloTolerant) {
        List<Integer> numbers = new ArrayList<>();
        SendSide side = this;
        if (inFlight() > 0 && now >= dueAt) {
            Pending oldest = queue.get(unacked);
            if (oldest == null || oldest.transmissions() <= policy.attempts()) {
                numbers.add(unacked);
                side = backedOff().transmitted(unacked, now);
            } else if (oldest.hello() && helloTolerant) {
                side = removedTo(plus(unacked, 1));
                side = side.guard(side.guard == unacked ? NONE : side.guard);
            } else {
                return new Emission(this, List.of(), true);
            }
        }
        while (side.unsent != side.next && side.hasRoom(helloTolerant)) {
            numbers.add(side.unsent);
            side = side.transmitted(side.unsent, now);
        }
        return new Emission(side.timed(policy), numbers, false);
    }

    /**
     * After a restart: everything the journal holds is sent again from the oldest on, a number that it does not hold
     * was a HELLO and is one again. With {@code guarded} a HELLO follows under the first number that may be free; the
     * search is over when the peer acknowledges just this.
     */
    SendSide resumed(Bytes hello, boolean guarded) {
        SendSide side = copy(unacked, unacked, next).window(CongestionWindow.of(window.peer()));
        for (int ns = unacked; ns != next; ns = plus(ns, 1)) {
            Pending held = queue.get(ns);
            side = side.queue(side.queue.plus(ns, held == null ? Pending.of(0, hello, true) : held.forgotten()));
        }
        return guarded ? side.placed(next, Pending.of(0, hello, true)).guard(next) : side;
    }

    /** Nothing is under way, and this is the number of the next message. */
    SendSide renumbered(int ns) {
        return new SendSide(
                IntTreePMap.empty(),
                ns,
                ns,
                ns,
                CongestionWindow.of(window.peer()),
                NONE,
                Long.MAX_VALUE,
                retransmissions);
    }

    SendSide abandoned() {
        return removedTo(next).guard(NONE).dueAt(Long.MAX_VALUE);
    }

    private boolean hasRoom(boolean helloTolerant) {
        Pending oldest = queue.get(unacked);
        int excused = helloTolerant && inFlight() > 0 && oldest != null && oldest.hello() ? 1 : 0;
        return inFlight() - excused < window.size();
    }

    private SendSide guardSettled(int nr, boolean helloTolerant) {
        boolean found = isSearching() && (nr == plus(guard, 1) || (helloTolerant && nr == guard));
        return found ? guard(NONE) : this;
    }

    private SendSide transmitted(int ns, long now) {
        Pending message = queue.get(ns);
        if (message == null) {
            return this;
        }
        SendSide side = queue(queue.plus(ns, message.sent(now)));
        return ns == unsent ? side.copy(unacked, plus(ns, 1), next) : side;
    }

    private SendSide removedTo(int oldest) {
        IntTreePMap<Pending> rest = queue;
        int steps = Math.min(distance(unacked, oldest), distance(unacked, next));
        for (int ns = unacked; steps > 0; steps--, ns = plus(ns, 1)) {
            rest = rest.minus(ns);
        }
        int sent = isAfter(oldest, unsent) ? oldest : unsent;
        return queue(rest).copy(oldest, sent, isAfter(oldest, next) ? oldest : next);
    }

    private SendSide backedOff() {
        return new SendSide(queue, unacked, unsent, next, window.backedOff(), guard, dueAt, retransmissions + 1);
    }

    private SendSide timed(RetransmitPolicy policy) {
        Pending oldest = inFlight() > 0 ? queue.get(unacked) : null;
        return dueAt(oldest == null ? Long.MAX_VALUE : oldest.dueAt(policy));
    }

    private SendSide queue(IntTreePMap<Pending> value) {
        return new SendSide(value, unacked, unsent, next, window, guard, dueAt, retransmissions);
    }

    private SendSide copy(int newUnacked, int newUnsent, int newNext) {
        return new SendSide(queue, newUnacked, newUnsent, newNext, window, guard, dueAt, retransmissions);
    }

    private SendSide window(CongestionWindow value) {
        return new SendSide(queue, unacked, unsent, next, value, guard, dueAt, retransmissions);
    }

    private SendSide guard(int value) {
        return new SendSide(queue, unacked, unsent, next, window, value, dueAt, retransmissions);
    }

    private SendSide dueAt(long value) {
        return new SendSide(queue, unacked, unsent, next, window, guard, value, retransmissions);
    }
}
