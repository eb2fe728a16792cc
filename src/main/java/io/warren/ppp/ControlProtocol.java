package io.warren.ppp;

import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.ControlPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The option negotiation automaton of RFC 1661 §4, shared by LCP, CCP, IPCP and IPv6CP; the options are the {@link Negotiation}'s.
 * This is its memory between two inputs. What an input does to it is worked out by {@link ProtocolTurn}.
 *
 * @param protocol PPP protocol number
 * @param restartCount requests that may still be sent (§4.6)
 * @param deadline when the Restart timer expires; {@link Long#MAX_VALUE} when it does not run
 * @param nextId identifier of the next packet that needs a new one
 * @param pending our last Configure-Request while it is unanswered
 * @param unheard whether the peer has answered that one with Terminate-Ack: it does not negotiate yet (RFC 1661 §4.2, Closed)
 * @param acked the peer's Configure-Request that we acknowledged last
 * @param held the peer's Configure-Request that waits for a decision
 */
record ControlProtocol<N extends Negotiation<N>>(
        int protocol,
        LinkSettings settings,
        N negotiation,
        State state,
        int restartCount,
        long deadline,
        int nextId,
        Tally tally,
        ControlPacket.@Nullable ConfigureRequest pending,
        boolean unheard,
        ControlPacket.@Nullable ConfigureRequest acked,
        ControlPacket.@Nullable ConfigureRequest held) {

    /**
     * What keeps a peer from going on for ever.
     *
     * @param naksSent since we last acknowledged (Max-Failure, RFC 1661 §4.6)
     * @param refusalsSent Naks and Rejects since then
     * @param refusalsReceived the same, of our requests
     * @param repeatsAcked repeated requests that were acknowledged while Opened
     */
    record Tally(int naksSent, int refusalsSent, int refusalsReceived, int repeatsAcked) {
        static final Tally NONE = new Tally(0, 0, 0, 0);
    }

    /** What a turn wants done, in order. */
    sealed interface Output {
        record Send(Bytes frame) implements Output {}
    }

    /** The This-Layer actions of RFC 1661 §4.4. */
    enum Layer implements Output {
        UP,
        DOWN,
        STARTED,
        FINISHED
    }

    record Step<N extends Negotiation<N>>(ControlProtocol<N> protocol, List<Output> outputs) {}

    static <N extends Negotiation<N>> ControlProtocol<N> initial(int protocol, LinkSettings settings, N negotiation) {
        return new ControlProtocol<>(
                protocol,
                settings,
                negotiation,
                State.INITIAL,
                0,
                Long.MAX_VALUE,
                1,
                Tally.NONE,
                null,
                false,
                null,
                null);
    }

    /** As it is when the negotiation was finished before a restart. */
    static <N extends Negotiation<N>> ControlProtocol<N> opened(int protocol, LinkSettings settings, N negotiation) {
        return new ControlProtocol<>(
                protocol,
                settings,
                negotiation,
                State.OPENED,
                0,
                Long.MAX_VALUE,
                1,
                Tally.NONE,
                null,
                false,
                null,
                null);
    }

    /** About to send its first Configure-Request, at {@code when}. */
    static <N extends Negotiation<N>> ControlProtocol<N> retrying(
            int protocol, LinkSettings settings, N negotiation, long when) {
        return new ControlProtocol<>(
                protocol,
                settings,
                negotiation,
                State.REQ_SENT,
                settings.maxConfigure(),
                when,
                1,
                Tally.NONE,
                null,
                false,
                null,
                null);
    }

    /** Nothing is asked for, but the peer may ask: as it is when a negotiation has come to nothing. */
    static <N extends Negotiation<N>> ControlProtocol<N> listening(int protocol, LinkSettings settings, N negotiation) {
        return new ControlProtocol<>(
                protocol,
                settings,
                negotiation,
                State.STOPPED,
                0,
                Long.MAX_VALUE,
                1,
                Tally.NONE,
                null,
                false,
                null,
                null);
    }

    boolean isOpened() {
        return state == State.OPENED;
    }

    Step<N> on(Event event, Turn turn) {
        ProtocolTurn<N> work = new ProtocolTurn<>(this, turn);
        work.event(event);
        return work.finish();
    }

    /** @param raw the packet's octets, for a Code-Reject */
    Step<N> received(ControlPacket packet, Bytes raw, Turn turn) {
        ProtocolTurn<N> work = new ProtocolTurn<>(this, turn);
        work.received(packet, raw);
        return work.finish();
    }

    Step<N> tick(Turn turn) {
        return turn.now() < deadline
                ? new Step<>(this, List.of())
                : on(restartCount > 0 ? Event.TO_PLUS : Event.TO_MINUS, turn);
    }

    /** Sends the unanswered Configure-Request once more, out of turn: the peer has only now begun to listen. */
    Step<N> repeatRequest(Turn turn) {
        ProtocolTurn<N> work = new ProtocolTurn<>(this, turn);
        work.repeatRequest();
        return work.finish();
    }

    /** Answers the request that was held, if there is one, now that {@code decided} knows more. */
    Step<N> decided(N decided, Turn turn) {
        ProtocolTurn<N> work = new ProtocolTurn<>(with(decided), turn);
        work.judgeHeld();
        return work.finish();
    }

    ControlProtocol<N> with(N other) {
        return new ControlProtocol<>(
                protocol, settings, other, state, restartCount, deadline, nextId, tally, pending, unheard, acked, held);
    }

    ControlProtocol<N> withDeadline(long other) {
        return new ControlProtocol<>(
                protocol,
                settings,
                negotiation,
                state,
                restartCount,
                other,
                nextId,
                tally,
                pending,
                unheard,
                acked,
                held);
    }

    /** Takes an identifier for a packet outside the automaton: Echo-Request, Protocol-Reject. */
    ControlProtocol<N> withIdTaken() {
        return new ControlProtocol<>(
                protocol,
                settings,
                negotiation,
                state,
                restartCount,
                deadline,
                (nextId + 1) & 0xff,
                tally,
                pending,
                unheard,
                acked,
                held);
    }
}
