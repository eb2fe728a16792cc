package io.warren.control.reliable;

import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.SequenceNumber;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reliable, ordered delivery of control messages (RFC 2661 §5.8, appendix A) as a value: every method returns the
 * channel as it is afterwards. Time is an argument. It numbers, orders, repeats and acknowledges; it does not know what
 * a message means, sends nothing by itself and keeps no timer.
 *
 * <p>An incoming message is acknowledged when {@link #handled} says that its effect is safe, not when it is delivered.
 *
 * <p>After a restart ({@link #resumed}) both numbers may be behind, by messages that the journal does not hold. Ours is
 * found by sending again, from the oldest message on that may be unacknowledged, and then a HELLO (the guard) under the
 * first number that may be free: until the peer acknowledges exactly that one, an Nr further on is believed, not
 * dropped. A number is therefore never used for two different messages. The peer's number is the one we expect, or
 * else the lowest that arrives within {@link #settleNanos}.
 */
public final class ReliableChannel {
    private final SendSide send;
    private final ReceiveSide receive;
    private final boolean ackOwed;

    private ReliableChannel(SendSide send, ReceiveSide receive, boolean ackOwed) {
        this.send = send;
        this.receive = receive;
        this.ackOwed = ackOwed;
    }

    /** A channel on which nothing was said yet. */
    public static ReliableChannel start() {
        return new ReliableChannel(SendSide.START, ReceiveSide.START, false);
    }

    /**
     * A channel as it was stored.
     *
     * @param ns the number of our next message
     * @param nr the number of the peer's next one
     * @param unacked our messages from {@code oldestUnacked} on, as far as they are journalled
     */
    public static ReliableChannel restored(int ns, int nr, int oldestUnacked, int peerWindow, List<Segment> unacked) {
        return new ReliableChannel(
                SendSide.restored(ns, oldestUnacked, peerWindow, unacked), ReceiveSide.restored(nr), false);
    }

    /**
     * The outcome of one packet.
     *
     * @param again messages that were delivered before and are not handled yet
     * @param dropped why the packet was not acted upon; null if it was
     */
    public record Receipt(
            ReliableChannel channel,
            List<ControlPacket> again,
            @Nullable String dropped) {}

    /** Messages in their order, each to be answered by {@link #handled}. */
    public record Delivery(ReliableChannel channel, List<ControlPacket> packets) {}

    /** What leaves now. {@code dead}: the peer acknowledged nothing for a full retransmission cycle. */
    public record Transmission(ReliableChannel channel, List<Segment> segments, boolean dead) {}

    /**
     * Takes a packet from the network: its Nr, and its place in the order. What became deliverable is fetched with
     * {@link #deliver}.
     *
     * @param window the Receive Window Size that we advertised
     */
    public Receipt receive(ControlPacket packet, int window, long now, RetransmitPolicy policy, boolean helloTolerant) {
        if (!send.mayAcknowledge(packet.nr())) {
            return new Receipt(this, List.of(), "nr-never-sent");
        }
        SendSide sent = send.acknowledged(packet.nr(), policy, helloTolerant);
        if (packet.body() instanceof ZeroLengthBody) {
            ReliableChannel channel =
                    new ReliableChannel(sent, receive.seenNextOfPeer(packet.ns(), now, settleNanos(policy)), ackOwed);
            return new Receipt(channel, List.of(), null);
        }
        ReceiveSide.Arrival arrival = receive.arrived(packet, window, now, settleNanos(policy));
        boolean owed = ackOwed
                || switch (arrival.verdict()) {
                    case DUPLICATE, OUT_OF_WINDOW -> true;
                    case TAKEN, AGAIN, HELD -> false;
                };
        ReliableChannel channel = new ReliableChannel(sent, arrival.side(), owed);
        return switch (arrival.verdict()) {
            case TAKEN, HELD -> new Receipt(channel, List.of(), null);
            case AGAIN -> new Receipt(channel, List.of(packet), null);
            case DUPLICATE -> new Receipt(channel, List.of(), "duplicate");
            case OUT_OF_WINDOW -> new Receipt(channel, List.of(), "out-of-window");
        };
    }

    /** The messages that are next in order; none while our own number is being searched for after a restart. */
    public Delivery deliver(long now, int window) {
        if (send.isSearching()) {
            return new Delivery(this, List.of());
        }
        ReceiveSide settled = receive.settled(now, window);
        ReceiveSide.Delivery delivery = settled.delivered();
        boolean moved = settled.acked() != receive.acked();
        return new Delivery(new ReliableChannel(send, delivery.side(), ackOwed || moved), delivery.packets());
    }

    /** The effect of the message with this number is safe. Numbers that are not open are ignored. */
    public ReliableChannel handled(int ns) {
        ReceiveSide side = receive.handled(ns);
        return new ReliableChannel(send, side, ackOwed || side.acked() != receive.acked());
    }

    /** Gives the next number, {@link #nextNs}, to a message. */
    public ReliableChannel enqueue(int sessionId, Bytes body) {
        return with(send.placed(send.next(), Pending.of(sessionId, body, false)));
    }

    /** Gives the next number to a HELLO. */
    public ReliableChannel enqueueHello(Bytes body) {
        return with(send.placed(send.next(), Pending.of(0, body, true)));
    }

    /**
     * Takes over a message from the journal, and what its event knew of the numbers. For a message that was given its
     * number just now this is the same as {@link #enqueue}.
     */
    public ReliableChannel journalled(int ns, int nr, int oldestUnacked, int sessionId, Bytes body) {
        SendSide placed = send.placed(ns, Pending.of(sessionId, body, false)).prunedTo(oldestUnacked);
        return new ReliableChannel(placed, receive.handledTo(nr), ackOwed);
    }

    /** Takes over the numbers alone from the journal. */
    public ReliableChannel journalled(int ns, int nr, int oldestUnacked) {
        SendSide moved = send.skippedTo(ns).prunedTo(oldestUnacked);
        return new ReliableChannel(moved, receive.handledTo(nr), ackOwed);
    }

    /** Every message of the peer before this number is handled; what lies behind that is known already. */
    public ReliableChannel handledTo(int nr) {
        return new ReliableChannel(send, receive.handledTo(nr), ackOwed);
    }

    /** The journal says that one more message of the peer, the next in order, was handled. */
    public ReliableChannel journalledNextHandled() {
        return receive.open().isEmpty() && receive.acked() == receive.expected()
                ? new ReliableChannel(send, receive.handledTo(SequenceNumber.next(receive.acked())), ackOwed)
                : this;
    }

    /**
     * Takes the peer's word for what was sent, if there was a restart: HELLOs may be forgotten, and of what is sent again
     * he may have it all. For a channel on which nothing new will be said; on others our number is searched for.
     */
    public ReliableChannel believing(int nr) {
        return receive.replayEnd() == ReceiveSide.NONE ? this : with(send.believing(nr));
    }

    /** Nothing of ours is wanted any more: the peer is gone. What arrives is still acknowledged. */
    public ReliableChannel abandoned() {
        return with(send.abandoned());
    }

    /** Nothing that was delivered will be handled any more, except by what is in the journal now. */
    public ReliableChannel handledAll() {
        ReceiveSide side = receive.handledAll();
        return new ReliableChannel(send, side, ackOwed || side.acked() != receive.acked());
    }

    /**
     * The first step after a restart.
     *
     * @param hello the body of a HELLO
     * @param guarded whether HELLOs may have been sent that the journal does not hold
     * @param exact whether the journal holds everything that was received
     */
    public ReliableChannel resumed(Bytes hello, boolean guarded, boolean exact, int window) {
        return new ReliableChannel(send.resumed(hello, guarded), receive.resumed(exact, window), false);
    }

    /**
     * Both ends forget what is under way in either direction, and go on with these numbers (RFC 4951 §3.2.2).
     *
     * @param ns of our next message
     * @param nr of the peer's next one
     */
    public ReliableChannel renumbered(int ns, int nr) {
        return new ReliableChannel(send.renumbered(ns), ReceiveSide.restored(nr), false);
    }

    /** Sets the peer's Receive Window Size, from 1. */
    public ReliableChannel withPeerWindow(int window) {
        return with(send.withPeerWindow(window));
    }

    /** What is to be sent now: messages as the window allows, repetitions that are due, or else a ZLB that we owe. */
    public Transmission flush(long now, RetransmitPolicy policy, boolean helloTolerant) {
        SendSide.Emission emission = send.emitted(now, policy, helloTolerant);
        if (emission.dead()) {
            return new Transmission(this, List.of(), true);
        }
        SendSide side = emission.side();
        List<Segment> segments = new ArrayList<>();
        for (int ns : emission.numbers()) {
            Pending message = side.get(ns);
            if (message != null) {
                segments.add(new Segment(ns, receive.acked(), message.sessionId(), message.body()));
            }
        }
        if (segments.isEmpty() && ackOwed) {
            segments.add(new Segment(side.unsent(), receive.acked(), 0, Bytes.EMPTY));
        }
        return new Transmission(new ReliableChannel(side, receive, false), segments, false);
    }

    /** When {@link #flush} or {@link #deliver} has something to do, monotonic nanoseconds. */
    public long deadline() {
        return receive.located() || send.isSearching() ? send.dueAt() : Math.min(send.dueAt(), receive.settleAt());
    }

    /**
     * How long a peer whose position is unknown is given to repeat what was lost: three transmissions of a fresh
     * message. A message all of whose repetitions are lost meanwhile is taken for one that was handled.
     */
    static long settleNanos(RetransmitPolicy policy) {
        return policy.waitAfter(1)
                .plus(policy.waitAfter(2))
                .plus(policy.waitAfter(1).dividedBy(2))
                .toNanos();
    }

    /** The number of our next message. */
    public int nextNs() {
        return send.next();
    }

    /** The Nr that we report: every message of the peer before it is handled. */
    public int nr() {
        return receive.acked();
    }

    /** The oldest of our messages that the peer did not acknowledge; {@link #nextNs} if there is none. */
    public int oldestUnacked() {
        return send.unacked();
    }

    /** How many of our messages are not acknowledged, sent or not. */
    public int backlog() {
        return SequenceNumber.distance(send.unacked(), send.next());
    }

    /** Our messages that are not acknowledged, HELLOs left out, in their order. */
    public List<Segment> backlogSegments() {
        List<Segment> segments = new ArrayList<>();
        for (int ns = send.unacked(); ns != send.next(); ns = SequenceNumber.next(ns)) {
            Pending message = send.get(ns);
            if (message != null && !message.hello()) {
                segments.add(new Segment(ns, nr(), message.sessionId(), message.body()));
            }
        }
        return segments;
    }

    /** How many of our messages are on the wire without an acknowledgement. */
    public int inFlight() {
        return send.inFlight();
    }

    /** Whether nothing of ours waits for an acknowledgement. */
    public boolean isIdle() {
        return send.isIdle();
    }

    /** Whether our own number is still unknown after a restart: nothing new may be said. */
    public boolean isSearching() {
        return send.isSearching();
    }

    /** Whether a delivered message may be one that was handled before a restart already. */
    public boolean mayBeReplay(int ns) {
        return receive.mayBeReplay(ns);
    }

    /** The window of appendix A, 1 to the peer's Receive Window Size. */
    public int congestionWindow() {
        return send.window().open();
    }

    public int peerWindow() {
        return send.window().peer();
    }

    public long retransmissions() {
        return send.retransmissions();
    }

    /** Our message with this number, while it is not acknowledged (or, after a restart, known not to be needed). */
    public @Nullable Bytes body(int ns) {
        Pending message = send.get(ns);
        return message == null ? null : message.body();
    }

    private ReliableChannel with(SendSide side) {
        return new ReliableChannel(side, receive, ackOwed);
    }
}
