package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a control connection is (RFC 2661 §7.2.1). {@link Closed} is the RFC's idle too, for as long as the ended
 * tunnel must still acknowledge repetitions (§5.7).
 */
public sealed interface TunnelState {
    /** Nothing is known: the state before the first message. */
    record Idle(int tunnelId) implements TunnelState {
        @Override
        public String name() {
            return "idle";
        }

        @Override
        public @Nullable ControlConnection connection() {
            return null;
        }
    }

    /** Our SCCRQ is on its way. Left by the SCCRP, or by losing to the peer's SCCRQ. */
    record WaitCtlReply(ControlConnection connection) implements TunnelState {
        @Override
        public String name() {
            return "wait-ctl-reply";
        }
    }

    /** Our SCCRP is on its way. Left by the SCCCN. */
    record WaitCtlConn(ControlConnection connection) implements TunnelState {
        @Override
        public String name() {
            return "wait-ctl-conn";
        }
    }

    /** Calls may be made. Left by a StopCCN of either end, or when the peer acknowledges nothing. */
    record Established(ControlConnection connection) implements TunnelState {
        @Override
        public String name() {
            return "established";
        }
    }

    /** Over. Left after a full retransmission cycle, or by a new SCCRQ or Open. */
    record Closed(ControlConnection connection) implements TunnelState {
        @Override
        public String name() {
            return "closed";
        }
    }

    /** The RFC's word for the state. */
    String name();

    /** Null in {@link Idle} only. */
    @Nullable
    ControlConnection connection();

    /** Our id of the tunnel. */
    default int tunnelId() {
        ControlConnection connection = connection();
        return connection == null ? ((Idle) this).tunnelId() : connection.tunnelId();
    }

    /** The peer's id of the tunnel; 0 while unknown. */
    default int peerTunnelId() {
        ControlConnection connection = connection();
        return connection == null ? 0 : connection.peer().tunnelId();
    }

    /** When the tunnel began. */
    default @Nullable Instant since() {
        ControlConnection connection = connection();
        return connection == null ? null : connection.since();
    }

    default @Nullable PeerPath path() {
        ControlConnection connection = connection();
        return connection == null ? null : connection.peer().path();
    }

    /** The peer's Host Name AVP; empty while unknown. */
    default String peerHostName() {
        ControlConnection connection = connection();
        return connection == null ? "" : connection.peer().hostName();
    }

    /** The peer's Vendor Name AVP. */
    default @Nullable String peerVendorName() {
        ControlConnection connection = connection();
        return connection == null ? null : connection.peer().vendorName();
    }

    /** Whether it is being set up or up: neither idle nor over. */
    default boolean isLive() {
        return switch (this) {
            case Idle _, Closed _ -> false;
            case WaitCtlReply _, WaitCtlConn _, Established _ -> true;
        };
    }

    default @Nullable Role role() {
        ControlConnection connection = connection();
        return connection == null ? null : connection.role();
    }

    /** The number of our next message. */
    default int ns() {
        ControlConnection connection = connection();
        return connection == null ? 0 : connection.channel().nextNs();
    }

    /** The number of the peer's first message that is not handled. */
    default int nr() {
        ControlConnection connection = connection();
        return connection == null ? 0 : connection.channel().nr();
    }

    default int callCount() {
        return this instanceof Established(ControlConnection connection)
                ? connection.calls().size()
                : 0;
    }

    /** Our session ids of the live calls. */
    default Set<Integer> sessionIds() {
        return this instanceof Established(ControlConnection connection)
                ? connection.calls().calls().keySet()
                : Set.of();
    }

    /** The live call with this session id of ours. */
    default @Nullable CallOffer call(int sessionId) {
        if (!(this instanceof Established(ControlConnection connection))) {
            return null;
        }
        Call call = connection.calls().get(sessionId);
        return call == null ? null : call.offer();
    }

    /** Our id of the tunnel with which the peer recovers this one; 0 for none. */
    default int recoveryTunnelId() {
        ControlConnection connection = connection();
        RecoveryTunnel recovery = connection == null ? null : connection.recovery();
        return recovery == null ? 0 : recovery.tunnelId();
    }

    /** Repetitions since the tunnel began, or since the last restart. */
    default long retransmissions() {
        ControlConnection connection = connection();
        return connection == null ? 0 : connection.channel().retransmissions();
    }

    /** The same state with what is known replaced; idle stays idle. */
    default TunnelState with(ControlConnection value) {
        return switch (this) {
            case Idle idle -> idle;
            case WaitCtlReply _ -> new WaitCtlReply(value);
            case WaitCtlConn _ -> new WaitCtlConn(value);
            case Established _ -> new Established(value);
            case Closed _ -> new Closed(value);
        };
    }
}
