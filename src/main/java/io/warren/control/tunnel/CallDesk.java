package io.warren.control.tunnel;

import io.warren.control.port.SessionKey;
import io.warren.control.tunnel.TunnelEvent.CallEnded;
import io.warren.control.tunnel.TunnelEvent.CallOffered;
import io.warren.control.tunnel.TunnelEvent.CallRefused;
import io.warren.control.tunnel.TunnelEvent.MessageSent;
import io.warren.control.tunnel.TunnelEvent.Outgoing;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.Csun;
import io.warren.wire.l2tp.ControlMessage.Csurq;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Fsr;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Iccn;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import io.warren.wire.l2tp.ControlMessage.Icrq;
import io.warren.wire.l2tp.ControlMessage.Occn;
import io.warren.wire.l2tp.ControlMessage.Ocrp;
import io.warren.wire.l2tp.ControlMessage.Ocrq;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.Sli;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlMessage.Wen;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an established tunnel: takes, places, refuses and ends them, and carries their messages to and from
 * their sessions. What a message does to a call (RFC 2661 §7.4) is for its session to decide.
 */
final class CallDesk {
    private static final int LARGEST_ID = 65_535;
    private static final int RANDOM_TRIES = 16;

    /** A quarter of the number space: beyond it a peer has stopped acknowledging long ago. */
    static final int LARGEST_BACKLOG = 16_384;

    private static final int INVALID_SESSION_ID = 5;
    private static final ResultCode TOO_MANY_CALLS = new ResultCode(4, 0, "too many calls in this tunnel");
    private static final ResultCode TOO_MUCH_TO_DO = new ResultCode(4, 0, "too much to do, try again later");
    private static final ResultCode TOO_MANY_SETUPS = new ResultCode(4, 0, "too many calls being set up");
    private static final ResultCode NOT_NOW = new ResultCode(4, 0, "no new calls for the moment");
    private static final ResultCode NO_OUTGOING_CALLS = new ResultCode(5, 0, "outgoing calls are not supported");

    private CallDesk() {}

    /** A message of the peer, next in order. */
    static void receive(Turn turn, ControlPacket packet, ControlMessage message) {
        switch (message) {
            case Icrq icrq -> onIcrq(turn, packet, icrq);
            case Cdn cdn -> onCdn(turn, packet, cdn);
            case Icrp icrp -> {
                Call call = turn.connection().calls().get(packet.sessionId());
                if (call != null && call.offer().initiator() && call.offer().peerSessionId() == 0) {
                    turn.update(turn.connection().calls().plus(call.answeredBy(icrp.assignedSessionId())));
                }
                toSession(turn, packet, message);
            }
            case Iccn _ -> {
                turn.update(turn.connection().calls().endSetup(packet.sessionId()));
                toSession(turn, packet, message);
            }
            case Wen _, Sli _, Csun _, Csurq _ -> toSession(turn, packet, message);
            case Fsq query -> SessionStates.answer(turn, packet, query);
            case Fsr response -> SessionStates.learn(turn, packet, response);
            case Ocrq ocrq -> {
                turn.handled(packet.ns());
                refuse(turn, ocrq.assignedSessionId(), NO_OUTGOING_CALLS);
            }
            case Ocrp ocrp -> neverAsked(turn, packet, ocrp.assignedSessionId());
            case Occn _ -> neverAsked(turn, packet, 0);
            case Sccrq _, Sccrp _, Scccn _, StopCcn _, Hello _ -> turn.handled(packet.ns());
        }
    }

    /** A session message that cannot be used ends its call, not the tunnel (RFC 2661 §4.1). */
    static void receiveBad(Turn turn, ControlPacket packet, BadMessage bad) {
        turn.handled(packet.ns());
        CallTable calls = turn.connection().calls();
        Call call = packet.sessionId() == 0 ? calls.byPeerId(bad.assignedId()) : calls.get(packet.sessionId());
        if (call != null && bad.type() == MessageType.CDN && turn.writable) {
            turn.effect(new TunnelEffect.EndCall(call.sessionId(), "bad CDN"));
            end(turn, call, null);
        } else if (call != null) {
            hangUp(turn, call, bad.resultCode(), bad.reason());
        } else if (bad.assignedId() != 0 && isRequest(bad.type())) {
            refuse(turn, bad.assignedId(), bad.resultCode());
        } else {
            turn.dropped("unknown-session");
        }
    }

    private static boolean isRequest(MessageType type) {
        return type == MessageType.ICRQ || type == MessageType.OCRQ;
    }

    /**
     * A message that its session has not confirmed came again: perhaps the session never saw it. Nor may it know the
     * call: one that is not connected yet is in no journal but ours, and may have been lost on its way to another node.
     */
    static void redeliver(Turn turn, ControlPacket packet) {
        CallTable calls = turn.connection().calls();
        Integer sessionId = calls.unconfirmed().get(packet.ns());
        Call call = sessionId == null ? null : calls.get(sessionId);
        if (call == null || !(packet.body() instanceof ControlMessage message)) {
            return;
        }
        if (message.type().connectsCall()) {
            turn.effect(new TunnelEffect.StartCall(call.offer()));
        }
        turn.effect(new TunnelEffect.Deliver(call.sessionId(), packet.ns(), message));
    }

    /** A session has the effect of this message in its journal. */
    static void confirmed(Turn turn, int ns) {
        Integer sessionId = turn.connection().calls().unconfirmed().get(ns);
        if (sessionId == null) {
            return;
        }
        turn.update(turn.connection().calls().confirmed(ns));
        turn.handled(ns);
        Call call = turn.connection().calls().get(sessionId);
        if (call != null && call.cdnNs() == ns) {
            end(turn, call, null);
        }
    }

    /** A session has something to say. */
    static void send(Turn turn, int sessionId, ControlMessage message) {
        Call call = turn.connection().calls().get(sessionId);
        if (call == null) {
            turn.dropped("unknown-session");
        } else if (message instanceof Cdn cdn) {
            sendCdn(turn, call, cdn);
        } else if (!message.type().isSessionMessage()
                && message.type() != MessageType.CSUN
                && message.type() != MessageType.CSURQ) {
            turn.dropped("not-a-call-message");
        } else if (turn.channel().backlog() >= LARGEST_BACKLOG) {
            turn.dropped("control-queue-full");
        } else {
            if (message instanceof Iccn) {
                turn.update(turn.connection().calls().endSetup(sessionId));
            }
            Outgoing outgoing = turn.outgoing(call.offer().peerSessionId(), message);
            turn.commit(new MessageSent(turn.moment.wall(), sessionId, outgoing));
        }
    }

    /** Starts a call as the LAC. */
    static void place(Turn turn, TunnelInput.PlaceCall wanted) {
        ControlConnection connection = turn.connection();
        int sessionId = wanted.sessionId();
        if (!connection.calls().isFree(sessionId)) {
            turn.dropped("session-exists");
            return;
        }
        if (connection.calls().size() >= turn.settings.maxSessions()
                || connection.channel().backlog() >= LARGEST_BACKLOG) {
            turn.effect(new TunnelEffect.EndCall(sessionId, "too many calls in this tunnel"));
            return;
        }
        Icrq icrq = new Icrq(
                sessionId,
                wanted.callSerialNumber(),
                null,
                null,
                wanted.callingNumber(),
                wanted.calledNumber(),
                null,
                AccessLine.NONE,
                List.of());
        begin(turn, offer(turn, sessionId, true, 0, icrq), turn.outgoing(0, icrq));
    }

    private static void onIcrq(Turn turn, ControlPacket packet, Icrq icrq) {
        turn.handled(packet.ns());
        CallTable calls = turn.connection().calls();
        Call known = calls.byPeerId(icrq.assignedSessionId());
        if (known != null) {
            onIcrqAgain(turn, packet, known, icrq);
        } else if (!turn.writable) {
            turn.dropped("call refused: the journal cannot be written");
            refuse(turn, icrq.assignedSessionId(), NOT_NOW);
        } else if (calls.size() >= Math.min(turn.settings.maxSessions(), LARGEST_ID)) {
            turn.dropped("call refused: too many calls in this tunnel");
            refuse(turn, icrq.assignedSessionId(), TOO_MANY_CALLS);
        } else if (turn.settings.maxSessionsInSetup() == 0) {
            turn.dropped("call refused: too much to do");
            refuse(turn, icrq.assignedSessionId(), TOO_MUCH_TO_DO);
        } else if (calls.settingUp().size() >= turn.settings.maxSessionsInSetup()) {
            turn.dropped("call refused: too many calls being set up");
            refuse(turn, icrq.assignedSessionId(), TOO_MANY_SETUPS);
        } else {
            accept(turn, icrq);
        }
    }

    /** RFC 2661 §7.4.2, wait-connect and established, receive ICRQ: send CDN, clean up. */
    private static void onIcrqAgain(Turn turn, ControlPacket packet, Call known, Icrq icrq) {
        boolean same = known.offer().callSerialNumber() == icrq.callSerialNumber();
        if (same && turn.channel().mayBeReplay(packet.ns())) {
            turn.dropped("replay");
        } else {
            hangUp(
                    turn,
                    known,
                    ResultCode.error(INVALID_SESSION_ID, "the session id is in use by a live call"),
                    "the peer began another call under the same session id");
        }
    }

    private static void accept(Turn turn, Icrq icrq) {
        if (turn.channel().backlog() >= LARGEST_BACKLOG) {
            turn.dropped("control-queue-full");
            return;
        }
        int sessionId = freeId(turn);
        Outgoing icrp = turn.outgoing(icrq.assignedSessionId(), new Icrp(sessionId, List.of()));
        begin(turn, offer(turn, sessionId, false, icrq.assignedSessionId(), icrq), icrp);
    }

    private static void begin(Turn turn, CallOffer offer, Outgoing message) {
        turn.commit(new CallOffered(turn.moment.wall(), offer, message));
        turn.update(turn.connection().calls().beginSetup(offer.key().sessionId()));
        turn.effect(new TunnelEffect.StartCall(offer));
    }

    private static CallOffer offer(Turn turn, int sessionId, boolean initiator, int peerSessionId, Icrq icrq) {
        ControlConnection connection = turn.connection();
        return new CallOffer(
                new SessionKey(connection.tunnelId(), sessionId),
                connection.peer().path(),
                initiator,
                connection.peer().tunnelId(),
                peerSessionId,
                connection.peer().hostName(),
                icrq.callSerialNumber(),
                icrq.callingNumber(),
                icrq.calledNumber(),
                icrq.subAddress(),
                icrq.accessLine(),
                turn.moment.wall());
    }

    private static void onCdn(Turn turn, ControlPacket packet, Cdn cdn) {
        CallTable calls = turn.connection().calls();
        // Sent before our ICRP arrived there, it has no session id to put into the header (RFC 2661 §4.4.4).
        Call call = packet.sessionId() == 0 ? calls.byPeerId(cdn.assignedSessionId()) : calls.get(packet.sessionId());
        if (call == null) {
            turn.handled(packet.ns());
            turn.dropped("unknown-session");
            return;
        }
        turn.update(calls.plus(call.endingWith(packet.ns())).endSetup(call.sessionId()));
        toSession(turn, packet.ns(), call, cdn);
    }

    private static void neverAsked(Turn turn, ControlPacket packet, int peerSessionId) {
        turn.handled(packet.ns());
        Call call = turn.connection().calls().get(packet.sessionId());
        ResultCode result = ResultCode.error(INVALID_SESSION_ID, "no outgoing call was requested");
        if (call != null) {
            hangUp(turn, call, result, "answer to an outgoing call that was never requested");
        } else if (peerSessionId != 0) {
            refuse(turn, peerSessionId, result);
        } else {
            turn.dropped("unknown-session");
        }
    }

    private static void toSession(Turn turn, ControlPacket packet, ControlMessage message) {
        Call call = turn.connection().calls().get(packet.sessionId());
        if (call == null) {
            turn.handled(packet.ns());
            turn.dropped("unknown-session");
        } else {
            toSession(turn, packet.ns(), call, message);
        }
    }

    /** The message stays unacknowledged until its session confirms it. */
    private static void toSession(Turn turn, int ns, Call call, ControlMessage message) {
        turn.update(turn.connection().calls().expectConfirm(ns, call.sessionId()));
        turn.effect(new TunnelEffect.Deliver(call.sessionId(), ns, message));
    }

    /** A CDN to a peer whose call never got as far as a session. It names an id of ours that stays unused. */
    private static void refuse(Turn turn, int peerSessionId, ResultCode result) {
        if (turn.channel().backlog() >= LARGEST_BACKLOG) {
            turn.dropped("control-queue-full");
            return;
        }
        Cdn refusal = new Cdn(result, freeId(turn), null, null, List.of());
        if (!turn.writable) {
            // Like a HELLO: after a restart its number is found again by asking the peer.
            turn.update(turn.channel().enqueue(peerSessionId, turn.encoded(refusal)));
            return;
        }
        Outgoing cdn = turn.outgoing(peerSessionId, refusal);
        turn.commit(new CallRefused(turn.moment.wall(), peerSessionId, result, cdn));
    }

    /** Ends a call of our own accord. */
    private static void hangUp(Turn turn, Call call, ResultCode result, String reason) {
        turn.effect(new TunnelEffect.EndCall(call.sessionId(), reason));
        sendCdn(turn, call, new Cdn(result, call.sessionId(), null, null, List.of()));
    }

    private static void sendCdn(Turn turn, Call call, Cdn cdn) {
        if (!turn.writable) {
            turn.effect(new TunnelEffect.Later(new TunnelInput.Send(call.sessionId(), cdn)));
            return;
        }
        if (turn.channel().backlog() >= LARGEST_BACKLOG) {
            turn.dropped("control-queue-full");
            end(turn, call, null);
            return;
        }
        Cdn ours = new Cdn(cdn.result(), call.sessionId(), cdn.q931Cause(), cdn.disconnectCause(), cdn.others());
        end(turn, call, turn.outgoing(call.offer().peerSessionId(), ours));
    }

    /** Nobody will confirm a message of a call that is over. */
    static void end(Turn turn, Call call, @Nullable Outgoing cdn) {
        int sessionId = call.sessionId();
        turn.commit(new CallEnded(turn.moment.wall(), sessionId, cdn));
        for (var waiting : turn.connection().calls().unconfirmed().entrySet()) {
            if (waiting.getValue() == sessionId) {
                turn.update(turn.connection().calls().confirmed(waiting.getKey()));
                turn.handled(waiting.getKey());
            }
        }
    }

    /** Unpredictable, and unused in this tunnel; any id when all are taken. */
    private static int freeId(Turn turn) {
        CallTable calls = turn.connection().calls();
        int id = 1 + turn.moment.random().nextInt(LARGEST_ID);
        for (int tries = 1; tries < RANDOM_TRIES && !calls.isFree(id); tries++) {
            id = 1 + turn.moment.random().nextInt(LARGEST_ID);
        }
        for (int steps = 0; steps < LARGEST_ID && !calls.isFree(id); steps++) {
            id = id % LARGEST_ID + 1;
        }
        return id;
    }
}
