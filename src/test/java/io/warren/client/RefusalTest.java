package io.warren.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.LinkSettings;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.ResultCode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A user with a wrong password: what is told of it, in whatever order the LNS's packets are read. */
class RefusalTest {
    private static final PeerPath CLIENT_TO_LNS = path(40_000, 1701);
    private static final PeerPath LNS_TO_CLIENT = path(1701, 40_000);

    private final Random random = new Random(1);
    private final Deque<byte[]> toLns = new ArrayDeque<>();
    private final Deque<byte[]> toClient = new ArrayDeque<>();
    private SessionEvent.@Nullable Closed end;
    private long now = 1;

    private final TunnelEnd client = new TunnelEnd(
            11,
            ClientSettings.tunnel("client", null, 10),
            _ -> ClientSettings.call(
                    "client", "alice", Bytes.of("not the password".getBytes(StandardCharsets.US_ASCII))),
            null,
            (_, datagram) -> toLns.add(datagram),
            watcher(true),
            this::moment);

    private TunnelEnd lns(AuthenticationMethod method) {
        return new TunnelEnd(
                22,
                ClientSettings.tunnel("lns", null, 10),
                _ -> taker(method),
                _ -> new AccessDecision.Denied("wrong password", false),
                (_, datagram) -> toClient.add(datagram),
                watcher(false),
                this::moment);
    }

    private String outcome(AuthenticationMethod method, Predicate<byte[]> first) {
        TunnelEnd lns = lns(method);
        client.open(CLIENT_TO_LNS);
        for (int step = 0; step < 1_000 && end == null; step++) {
            deliver(toLns, lns, LNS_TO_CLIENT, _ -> false);
            deliver(toClient, client, CLIENT_TO_LNS, first);
            now += Duration.ofMillis(100).toNanos();
            client.tick();
            lns.tick();
        }
        assertThat(end).isNotNull();
        return CallFailure.describe(end);
    }

    /** All that waits at once, and what is to be read first before the rest. */
    private static void deliver(Deque<byte[]> queue, TunnelEnd to, PeerPath path, Predicate<byte[]> first) {
        List<byte[]> waiting = List.copyOf(queue);
        queue.clear();
        waiting.stream().filter(first).forEach(datagram -> to.received(path, datagram));
        waiting.stream().filter(first.negate()).forEach(datagram -> to.received(path, datagram));
    }

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void isTheSameWhetherPppOrTheCdnIsReadFirst(AuthenticationMethod method) {
        assertThat(outcome(method, datagram -> !L2tpHeader.isControl(datagram)))
                .startsWith("call ended by local: the peer refused us");
    }

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void isTheSameWhenTheCdnOvertakes(AuthenticationMethod method) {
        assertThat(outcome(method, L2tpHeader::isControl)).startsWith("call ended by peer: the peer refused us");
    }

    @Test
    void isTheSameByTheTextOfACdnWithoutACause() {
        assertThat(CallFailure.describe(closed("peer", new ResultCode(3, 0, "PPP Authentication failure"), null)))
                .isEqualTo("call ended by peer: the peer refused us: why");
    }

    @Test
    void isToldOnce() {
        DisconnectCause cause = new DisconnectCause(16, 0xc023, 1, "");
        SessionEvent.Closed both = new SessionEvent.Closed(
                Instant.EPOCH, "peer", "the peer refused us; CDN 3", ResultCode.of(3), cause, SessionCounters.ZERO);
        assertThat(CallFailure.describe(both)).isEqualTo("call ended by peer: the peer refused us; CDN 3");
    }

    @Test
    void isNotSaidOfOtherEnds() {
        DisconnectCause timeout = new DisconnectCause(13, 0xc023, 0, "");
        assertThat(CallFailure.describe(closed("peer", ResultCode.of(3), null))).doesNotContain("refused");
        assertThat(CallFailure.describe(closed("peer", ResultCode.of(3), timeout)))
                .doesNotContain("refused");
        assertThat(CallFailure.describe(closed("tunnel", null, null))).isEqualTo("call ended by tunnel: why");
    }

    private static SessionEvent.Closed closed(String by, @Nullable ResultCode result, @Nullable DisconnectCause cause) {
        return new SessionEvent.Closed(Instant.EPOCH, by, "why", result, cause, SessionCounters.ZERO);
    }

    private TunnelWatcher watcher(boolean dials) {
        return new TunnelWatcher() {
            @Override
            public void tunnelChanged(TunnelEvent event) {
                if (dials && event instanceof TunnelEvent.TunnelEstablished) {
                    client.placeCall(77, 1);
                }
            }

            @Override
            public void callChanged(SessionKey key, SessionEvent event) {
                if (dials && event instanceof SessionEvent.Closed closed) {
                    end = closed;
                }
            }

            @Override
            public void packetArrived(SessionKey key, byte[] packet) {}
        };
    }

    private static SessionSettings taker(AuthenticationMethod method) {
        Duration seconds = Duration.ofSeconds(3);
        Duration patience = Duration.ofSeconds(30);
        LinkSettings link = new LinkSettings(
                List.of(method), "lns", 1_400, 0x0a40ff01, seconds, seconds, 10, 2, 5, patience, 5, patience);
        return new SessionSettings(link, null, patience, patience, seconds);
    }

    private Moment moment() {
        return new Moment(now, Instant.EPOCH.plusNanos(now), random);
    }

    private static PeerPath path(int from, int to) {
        return new PeerPath(
                Endpoint.of(new InetSocketAddress("127.0.0.1", from)),
                Endpoint.of(new InetSocketAddress("127.0.0.1", to)));
    }
}
