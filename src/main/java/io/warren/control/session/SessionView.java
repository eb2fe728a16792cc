package io.warren.control.session;

import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberRoutes;
import io.warren.control.port.TrafficLimits;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.LinkParameters;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is shown to people: in HTTP answers and logs. Null where a call is not that far.
 *
 * @param state the RFC's word: idle, wait-reply, wait-connect, established; or closed
 * @param pppPhase dead, establish, authenticate, network, open, terminate
 * @param user who was let in; empty before
 * @param address the subscriber's IPv4 address as a big-endian int
 * @param txConnectSpeed, rxConnectSpeed bit/s as the LAC says; 0 when unknown
 * @param offeredAt when the call was asked for
 * @param connectedAt when ICCN came, or left
 * @param upSince when IP came up first
 * @param closedAt when the call ended
 * @param closed by whom and why, for a call that is over
 * @param localMru, peerMru octets; 0 when not negotiated
 * @param limits of a call that is up
 * @param networks what the subscriber of a call that is up has beside the address: IPv6 prefixes and routes
 */
public record SessionView(
        SessionKey key,
        String state,
        String pppPhase,
        String user,
        @Nullable Integer address,
        @Nullable PeerPath path,
        String peerHostName,
        int peerSessionId,
        @Nullable String callingNumber,
        @Nullable String calledNumber,
        long txConnectSpeed,
        long rxConnectSpeed,
        @Nullable Instant offeredAt,
        @Nullable Instant connectedAt,
        @Nullable Instant upSince,
        @Nullable Instant closedAt,
        @Nullable String closed,
        int localMru,
        int peerMru,
        TrafficLimits limits,
        List<String> networks) {
    public SessionView {
        networks = List.copyOf(networks);
    }

    public static SessionView of(SessionState state) {
        return switch (state) {
            case SessionState.Idle idle -> of(idle.key(), "idle", null);
            case SessionState.WaitReply waiting -> of(waiting.key(), "wait-reply", waiting.call());
            case SessionState.WaitConnect waiting -> of(waiting.key(), "wait-connect", waiting.call());
            case SessionState.Established call -> of(call.key(), call.connected(), call, null);
            case SessionState.Owing owing ->
                of(owing.key(), owing.connected(), null, owing.over().settled());
            case SessionState.Closed closed -> of(closed.key(), closed.connected(), null, closed.event());
        };
    }

    private static SessionView of(SessionKey key, String state, @Nullable CallOffer call) {
        return new SessionView(
                key,
                state,
                "dead",
                "",
                null,
                call == null ? null : call.path(),
                call == null ? "" : call.peerHostName(),
                call == null ? 0 : call.peerSessionId(),
                call == null ? null : call.callingNumber(),
                call == null ? null : call.calledNumber(),
                0,
                0,
                call == null ? null : call.at(),
                null,
                null,
                null,
                null,
                0,
                0,
                TrafficLimits.NONE,
                List.of());
    }

    private static SessionView of(
            SessionKey key,
            SessionEvent.@Nullable Connected connected,
            SessionState.@Nullable Established established,
            SessionEvent.@Nullable Closed closed) {
        CallOffer call = connected == null ? null : connected.call();
        SessionEvent.NetworkUp network = established == null ? null : established.network();
        LinkParameters link = network == null ? null : network.link();
        return new SessionView(
                key,
                established != null ? "established" : "closed",
                established == null ? "dead" : phase(established),
                established == null ? "" : CallLogin.user(established),
                link == null || call == null || link.withoutIpv4()
                        ? null
                        : call.initiator() ? link.localAddress() : link.peerAddress(),
                call == null ? null : call.path(),
                call == null ? "" : call.peerHostName(),
                call == null ? 0 : call.peerSessionId(),
                call == null ? null : call.callingNumber(),
                call == null ? null : call.calledNumber(),
                connected == null ? 0 : connected.txConnectSpeed(),
                connected == null ? 0 : connected.rxConnectSpeed(),
                call == null ? null : call.at(),
                connected == null ? null : connected.at(),
                established == null ? null : established.upSince(),
                closed == null ? null : closed.at(),
                closed == null ? null : closed.by() + ": " + closed.reason(),
                link == null ? 0 : link.localMru(),
                link == null ? 0 : link.peerMru(),
                established == null ? TrafficLimits.NONE : established.limits(),
                established == null || link == null ? List.of() : networks(established, link));
    }

    /** Those that are forwarded. */
    private static List<String> networks(SessionState.Established call, LinkParameters link) {
        SubscriberRoutes routes = call.profile().ownTerms().routes();
        Stream<?> four = link.withoutIpv4() ? Stream.of() : routes.ipv4().stream();
        Stream<?> six = link.ipv6() == null
                ? Stream.of()
                : Stream.concat(CallPrefixes.usable(call.profile()).stream(), routes.ipv6().stream());
        return Stream.concat(four, six).map(Object::toString).toList();
    }

    private static String phase(SessionState.Established call) {
        SessionState.Live live = call.live();
        if (live != null) {
            return live.link().phase();
        }
        return call.network() == null ? "dead" : "open";
    }
}
