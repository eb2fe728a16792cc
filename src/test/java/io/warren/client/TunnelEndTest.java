package io.warren.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.Credentials;
import io.warren.ppp.LinkSettings;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Two ends joined in memory, on a clock of the test's: one dials, one takes calls. */
class TunnelEndTest {
    private static final int CALL = 77;
    private static final int GATEWAY = 0x0a40ff01;
    private static final int ADDRESS = 0x0a400001;
    private static final Bytes PASSWORD = Bytes.of("wonder".getBytes(StandardCharsets.UTF_8));
    private static final TunnelSecret SECRET = TunnelSecret.of("secret");
    private static final ResultCode ADMINISTRATIVE = ResultCode.of(3);
    private static final PeerPath CLIENT_TO_LNS = path(40_000, 1701);
    private static final PeerPath LNS_TO_CLIENT = path(1701, 40_000);

    private final Random random = new Random(1);
    private final Deque<byte[]> toLns = new ArrayDeque<>();
    private final Deque<byte[]> toClient = new ArrayDeque<>();
    private final Story story = new Story();
    private long now = 1;
    private Predicate<byte[]> lost = _ -> false;

    private final TunnelEnd client = new TunnelEnd(
            11,
            ClientSettings.tunnel("client", SECRET, 10),
            _ -> ClientSettings.call("client", "alice", PASSWORD),
            null,
            (_, datagram) -> toLns.add(datagram),
            story,
            this::moment);
    private final TunnelEnd lns = new TunnelEnd(
            22,
            ClientSettings.tunnel("lns", SECRET, 10),
            _ -> taker(),
            TunnelEndTest::access,
            (_, datagram) -> toClient.add(datagram),
            new Echoing(),
            this::moment);

    @Test
    void aCallComesUpCarriesPacketsAndEndsCleanly() {
        connect();

        assertThat(story.addresses).containsExactly(ADDRESS);
        client.send(CALL, new IcmpEcho(ADDRESS, GATEWAY, 5).request(1));
        exchange();
        assertThat(story.packets).hasSize(1);

        client.hangUp(CALL, ADMINISTRATIVE, "hung up");
        exchange();
        assertThat(story.closed).hasSize(1);
        assertThat(lns.calls()).isZero();
        client.close(ResultCode.of(6));
        exchange();
        assertThat(client.isOver()).isTrue();
    }

    @Test
    void aCallComesUpThoughPacketsAreLost() {
        Random chance = new Random(7);
        lost = _ -> chance.nextInt(4) == 0;

        connect();

        assertThat(story.addresses).isNotEmpty();
    }

    @Test
    void manyCallsShareATunnel() {
        client.open(CLIENT_TO_LNS);
        exchange();
        for (int call = 1; call <= 5; call++) {
            client.placeCall(call, call);
        }
        run(Duration.ofSeconds(2));

        assertThat(story.addresses).hasSize(5);
        assertThat(lns.calls()).isEqualTo(5);
    }

    @Test
    void garbageIsDroppedAndCounted() {
        connect();

        for (int length = 0; length < 64; length++) {
            byte[] garbage = new byte[length];
            random.nextBytes(garbage);
            client.received(CLIENT_TO_LNS, garbage);
        }

        assertThat(client.drops()).isNotEmpty();
        assertThat(client.calls()).isEqualTo(1);
    }

    @Test
    void aDialingEndTakesNoCalls() {
        connect();

        lns.placeCall(99, 1);
        exchange();

        assertThat(lns.calls()).isEqualTo(1);
        assertThat(client.calls()).isEqualTo(1);
    }

    private void connect() {
        story.onEstablished = () -> client.placeCall(CALL, 1);
        client.open(CLIENT_TO_LNS);
        run(Duration.ofSeconds(60));
    }

    /** Lets time pass and packets run until the call is up, or {@code most} has passed. */
    private void run(Duration most) {
        long end = now + most.toNanos();
        while (now < end && (story.addresses.isEmpty() || !toLns.isEmpty() || !toClient.isEmpty())) {
            exchange();
            now += Duration.ofMillis(10).toNanos();
        }
    }

    private void exchange() {
        while (!toLns.isEmpty() || !toClient.isEmpty()) {
            deliver(toLns, lns, LNS_TO_CLIENT);
            deliver(toClient, client, CLIENT_TO_LNS);
        }
        if (client.deadline() <= now) {
            client.tick();
        }
        if (lns.deadline() <= now) {
            lns.tick();
        }
    }

    private void deliver(Deque<byte[]> queue, TunnelEnd to, PeerPath path) {
        byte[] datagram = queue.poll();
        if (datagram != null && !lost.test(datagram)) {
            to.received(path, datagram);
        }
    }

    private Moment moment() {
        return new Moment(now, Instant.EPOCH.plusNanos(now), random);
    }

    private static PeerPath path(int from, int to) {
        return new PeerPath(
                Endpoint.of(new InetSocketAddress("127.0.0.1", from)),
                Endpoint.of(new InetSocketAddress("127.0.0.1", to)));
    }

    private static AccessDecision access(AccessRequest request) {
        return request.credentials() instanceof Credentials.Pap pap
                        && pap.user().equals("alice")
                        && pap.password().equals(PASSWORD)
                ? new AccessDecision.Granted("alice", ADDRESS, List.of(), List.of(), TrafficLimits.NONE, null)
                : new AccessDecision.Denied("wrong", false);
    }

    private static SessionSettings taker() {
        Duration seconds = Duration.ofSeconds(3);
        Duration patience = Duration.ofSeconds(30);
        LinkSettings link = new LinkSettings(
                List.of(AuthenticationMethod.PAP),
                "lns",
                1_400,
                GATEWAY,
                seconds,
                seconds,
                10,
                2,
                5,
                patience,
                5,
                patience);
        return new SessionSettings(link, null, patience, patience, seconds);
    }

    /** What the client was told. */
    private static final class Story implements TunnelWatcher {
        final List<Integer> addresses = new ArrayList<>();
        final List<SessionEvent.Closed> closed = new ArrayList<>();
        final List<byte[]> packets = new ArrayList<>();
        Runnable onEstablished = () -> {};

        @Override
        public void tunnelChanged(TunnelEvent event) {
            if (event instanceof TunnelEvent.TunnelEstablished) {
                onEstablished.run();
            }
        }

        @Override
        public void callChanged(SessionKey key, SessionEvent event) {
            switch (event) {
                case SessionEvent.NetworkUp up -> addresses.add(up.link().localAddress());
                case SessionEvent.LimitsChanged _,
                        SessionEvent.TimeoutsChanged _,
                        SessionEvent.FiltersChanged _,
                        SessionEvent.AccountingStarted _,
                        SessionEvent.TrafficNoted _,
                        SessionEvent.Over _ -> {}
                case SessionEvent.Closed end -> closed.add(end);
                case SessionEvent.Connected _ -> {}
            }
        }

        @Override
        public void packetArrived(SessionKey key, byte[] packet) {
            packets.add(packet);
        }
    }

    /** The LNS sends each packet back. */
    private final class Echoing implements TunnelWatcher {
        @Override
        public void tunnelChanged(TunnelEvent event) {}

        @Override
        public void callChanged(SessionKey key, SessionEvent event) {}

        @Override
        public void packetArrived(SessionKey key, byte[] packet) {
            lns.send(key.sessionId(), packet);
        }
    }
}
