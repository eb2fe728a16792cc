package io.warren.control.tunnel;

import io.warren.control.tunnel.TunnelEvent.MessageSent;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Fsr;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.FailoverSessionState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which calls both ends have: FSQ and FSR (RFC 4951 §3.3, steps II and III). Calls are ended without a CDN. */
final class SessionStates {
    /** An AVP has 16 octets: a message of so many fits into any packet. */
    static final int MOST_IN_MESSAGE = 64;

    private SessionStates() {}

    /** Asks the peer about these calls. */
    static void ask(Turn turn, Collection<Call> calls) {
        List<FailoverSessionState> questions = calls.stream()
                .map(call ->
                        new FailoverSessionState(call.sessionId(), call.offer().peerSessionId()))
                .toList();
        for (List<FailoverSessionState> part : parts(questions)) {
            turn.commit(new MessageSent(turn.moment.wall(), 0, turn.outgoing(0, new Fsq(part, List.of()))));
        }
    }

    /** The peer asks. A call that it pairs with another one of its ids is stale: we ask back, and do not end it. */
    static void answer(Turn turn, ControlPacket packet, Fsq query) {
        turn.handled(packet.ns());
        if (turn.connection().peer().failover() == null) {
            turn.dropped("failover-not-agreed");
            return;
        }
        if (turn.channel().backlog() >= CallDesk.LARGEST_BACKLOG) {
            turn.dropped("control-queue-full");
            return;
        }
        CallTable calls = turn.connection().calls();
        List<FailoverSessionState> answers = new ArrayList<>();
        List<Call> stale = new ArrayList<>();
        for (FailoverSessionState asked : query.sessions()) {
            Call call = calls.get(asked.remoteSessionId());
            boolean paired = call != null && call.offer().peerSessionId() == asked.sessionId();
            answers.add(new FailoverSessionState(paired ? asked.remoteSessionId() : 0, asked.sessionId()));
            if (call != null && !paired && call.offer().peerSessionId() != 0 && !stale.contains(call)) {
                stale.add(call);
            }
        }
        for (List<FailoverSessionState> part : parts(answers)) {
            turn.commit(new MessageSent(turn.moment.wall(), 0, turn.outgoing(0, new Fsr(part, List.of()))));
        }
        ask(turn, stale);
    }

    /** The peer has answered: what it does not have is over. */
    static void learn(Turn turn, ControlPacket packet, Fsr response) {
        turn.handled(packet.ns());
        if (turn.connection().peer().failover() == null) {
            turn.dropped("failover-not-agreed");
            return;
        }
        for (FailoverSessionState answered : response.sessions()) {
            Call call = turn.connection().calls().get(answered.remoteSessionId());
            if (call != null && answered.sessionId() == 0) {
                turn.effect(new TunnelEffect.EndCall(call.sessionId(), "the peer lost the call when it failed"));
                CallDesk.end(turn, call, null);
            }
        }
    }

    private static List<List<FailoverSessionState>> parts(List<FailoverSessionState> sessions) {
        List<List<FailoverSessionState>> parts = new ArrayList<>();
        for (int from = 0; from < sessions.size(); from += MOST_IN_MESSAGE) {
            parts.add(List.copyOf(sessions.subList(from, Math.min(from + MOST_IN_MESSAGE, sessions.size()))));
        }
        return parts;
    }
}
