package io.warren.control.session;

import io.warren.control.port.TerminateCause;
import io.warren.ppp.LinkEnd;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call ends: one half for the peer (result, cause), one half for the journal (by, reason). They differ where the
 * peer must not learn the reason.
 *
 * @param terminate the same for accounting
 */
record CallEnd(
        String by,
        String reason,
        ResultCode result,
        @Nullable DisconnectCause cause,
        TerminateCause terminate) {
    static final String PEER = "peer";
    static final String LOCAL = "local";
    static final String TUNNEL = "tunnel";
    static final String RADIUS = "radius";

    /** The peer's CDN. */
    static CallEnd byCdn(ControlMessage.Cdn cdn) {
        String reason = CdnResult.describe(cdn.result());
        DisconnectCause cause = cdn.disconnectCause();
        if (cause != null) {
            reason += ", PPP cause " + cause.code() + (cause.message().isEmpty() ? "" : ": " + cause.message());
        }
        return new CallEnd(PEER, reason, cdn.result(), cause, byPeer(cdn.result(), cause));
    }

    /** A message that the state tables of RFC 2661 §7.4 do not allow here. */
    static CallEnd unexpected(ControlMessage message, String state) {
        String reason = message.type() + " in state " + state;
        return local(reason, ResultCode.error(CdnResult.SESSION_ID_INVALID_HERE, reason), null);
    }

    static CallEnd local(String reason, ResultCode result, @Nullable DisconnectCause cause) {
        return local(reason, result, cause, TerminateCause.NAS_ERROR);
    }

    private static CallEnd local(
            String reason, ResultCode result, @Nullable DisconnectCause cause, TerminateCause terminate) {
        return new CallEnd(LOCAL, reason, result, cause, terminate);
    }

    /** The tunnel ended, and the call with it. */
    static CallEnd withTunnel(String reason) {
        return new CallEnd(TUNNEL, reason, CdnResult.LOSS_OF_CARRIER.with(reason), null, TerminateCause.LOST_SERVICE);
    }

    /** The subscriber has had his time. */
    static CallEnd sessionTimeout() {
        return local(
                "session timeout",
                CdnResult.ADMINISTRATIVE.with("session timeout"),
                PppDisconnect.ADMINISTRATIVE.with(0, PppDisconnect.GLOBAL, ""),
                TerminateCause.SESSION_TIMEOUT);
    }

    /** Nothing has moved for too long. */
    static CallEnd idleTimeout() {
        return local(
                "idle timeout",
                CdnResult.ADMINISTRATIVE.with("idle timeout"),
                PppDisconnect.ADMINISTRATIVE.with(0, PppDisconnect.GLOBAL, ""),
                TerminateCause.IDLE_TIMEOUT);
    }

    /** What a LAC means by its CDN: the PPP cause of RFC 3145 says more than the result code. */
    private static TerminateCause byPeer(ResultCode result, @Nullable DisconnectCause cause) {
        if (cause != null && cause.code() == PppDisconnect.NORMAL.code()) {
            return TerminateCause.USER_REQUEST;
        }
        if (cause != null && cause.code() == PppDisconnect.ECHO_TIMEOUT.code()) {
            return TerminateCause.LOST_CARRIER;
        }
        return switch (result.code()) {
            case 1, 7, 9, 11 -> TerminateCause.LOST_CARRIER;
            case 2 -> TerminateCause.PORT_ERROR;
            case 3 -> cause == null ? TerminateCause.USER_REQUEST : TerminateCause.ADMIN_RESET;
            default -> TerminateCause.LOST_SERVICE;
        };
    }

    /** The call may be right but cannot be served now. */
    static CallEnd busy(String reason) {
        return local(reason, CdnResult.TEMPORARY_LACK_OF_FACILITIES.with("the call cannot be served now"), null);
    }

    /** Our LAC end has nothing to dial with. */
    static CallEnd noIdentity() {
        return local(
                "this node has no name to dial with", CdnResult.PERMANENT_LACK_OF_FACILITIES.with("cannot dial"), null);
    }

    /** Asked for from outside: an operator, a full pool, a newer call. */
    static CallEnd asked(String by, String reason, ResultCode result) {
        return new CallEnd(
                by,
                reason,
                result,
                result.code() == CdnResult.ADMINISTRATIVE.code()
                        ? PppDisconnect.ADMINISTRATIVE.with(0, PppDisconnect.GLOBAL, "")
                        : null,
                switch (by) {
                    case LOCAL -> TerminateCause.NAS_REQUEST;
                    case SessionInput.Close.NEWER_CALL -> TerminateCause.PORT_PREEMPTED;
                    default -> TerminateCause.ADMIN_RESET;
                });
    }

    /** The peer sent an LCP Terminate-Request. */
    static CallEnd terminatedByPeer(String reason) {
        return new CallEnd(
                PEER,
                reason,
                CdnResult.ADMINISTRATIVE.with("LCP terminated by peer"),
                PppDisconnect.NORMAL.with(PppDisconnect.LCP, PppDisconnect.AT_PEER, ""),
                TerminateCause.USER_REQUEST);
    }

    /** PPP gave up. */
    static CallEnd byLink(LinkEnd end, String reason, SessionState.Established call, SessionState.Live live) {
        return switch (end) {
            case PEER_TERMINATED -> terminatedByPeer(reason);
            case CLOSED -> asked(LOCAL, reason, CdnResult.ADMINISTRATIVE.with("closed"));
            case AUTHENTICATION_FAILED ->
                authenticationFailed(reason, call.connected().call().initiator(), live.admission());
            case NEGOTIATION_FAILED ->
                live.traffic().heard()
                        ? local(
                                reason,
                                CdnResult.ADMINISTRATIVE.with("PPP negotiation failed"),
                                PppDisconnect.LCP_TIMEOUT.with(PppDisconnect.LCP, PppDisconnect.GLOBAL, ""))
                        : local(
                                reason,
                                CdnResult.NO_FRAMING.with("no PPP frame was received"),
                                PppDisconnect.NO_LCP_RECEIVED.with(PppDisconnect.LCP, PppDisconnect.GLOBAL, ""));
            case ECHO_TIMEOUT ->
                local(
                        reason,
                        CdnResult.LOSS_OF_CARRIER.with("LCP echo timeout"),
                        PppDisconnect.ECHO_TIMEOUT.with(PppDisconnect.LCP, PppDisconnect.GLOBAL, ""),
                        TerminateCause.LOST_CARRIER);
            case LOOPED_BACK ->
                local(
                        reason,
                        CdnResult.ADMINISTRATIVE.with("link is looped back"),
                        PppDisconnect.LOOPED_BACK.with(PppDisconnect.LCP, PppDisconnect.GLOBAL, ""));
        };
    }

    /** The call was not connected in time: no ICCN or, at the LAC end, no ICRP. */
    static CallEnd notConnected(String awaited) {
        return local("no " + awaited + " in time", CdnResult.NOT_ESTABLISHED_IN_TIME.with("no " + awaited), null);
    }

    /** PPP did not come up in time. */
    static CallEnd notUp(SessionState.Live live) {
        String phase = live.link().phase();
        DisconnectCause cause = switch (phase) {
            case "establish" ->
                (live.traffic().heard() ? PppDisconnect.LCP_TIMEOUT : PppDisconnect.NO_LCP_RECEIVED)
                        .with(PppDisconnect.LCP, PppDisconnect.GLOBAL, "");
            case "authenticate" ->
                PppDisconnect.AUTHENTICATION_TIMEOUT.with(live.admission().protocol(), PppDisconnect.GLOBAL, "");
            case "network" -> PppDisconnect.NCP_TIMEOUT.with(PppDisconnect.IPCP, PppDisconnect.GLOBAL, "");
            default -> null;
        };
        return local(
                "PPP did not come up in time: phase " + phase,
                CdnResult.NOT_ESTABLISHED_IN_TIME.with("PPP did not come up"),
                cause);
    }

    /** The CDN that says so; it carries the id that we assigned. */
    ControlMessage.Cdn toCdn(int sessionId) {
        return new ControlMessage.Cdn(result, sessionId, null, cause, List.of());
    }

    private static CallEnd authenticationFailed(String reason, boolean initiator, SessionState.Admission admission) {
        String denial = admission.denial();
        // no credentials were ever shown: the dialogue timed out
        boolean silent = admission.protocol() == 0 && !initiator;
        PppDisconnect code = silent ? PppDisconnect.AUTHENTICATION_TIMEOUT : PppDisconnect.AUTHENTICATION_FAILED;
        return local(
                denial != null ? "authentication failed: " + denial : reason,
                CdnResult.ADMINISTRATIVE.with("authentication failed"),
                code.with(admission.protocol(), initiator ? PppDisconnect.AT_LOCAL : PppDisconnect.AT_PEER, ""));
    }
}
