package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.endpoint;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three whole planes with threads of their own and without TUN devices: a ping by any node is answered. */
class RelayingPlanesTest {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final byte[] PING =
            concat(hex("0002 0301 0009 ff030021"), Samples.echoRequest(SUBSCRIBER, GATEWAY, 56));

    private DataPlane owner;
    private DataPlane standby;
    private DataPlane third;
    private DatagramSocket peer;
    private int port;

    @BeforeEach
    void open() throws IOException {
        owner = plane("127.0.1.1");
        port = owner.listening().getFirst().port();
        standby = plane("127.0.1.2");
        third = plane("127.0.1.3");
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(10);
        ForwardingEntry entry = entry("127.0.1.1");
        owner.sessions().install(entry);
        standby.cluster().standBy(List.of(entry));
        for (DataPlane plane : List.of(owner, standby, third)) {
            plane.start();
            List<Endpoint> others = List.of(owner, standby, third).stream()
                    .filter(other -> other != plane)
                    .map(RelayingPlanesTest::relay)
                    .toList();
            plane.cluster()
                    .place(new Placement(
                            relay(plane),
                            others,
                            Map.of(3, new Placement.Shard(relay(owner), relay(standby))),
                            64,
                            Map.of(address("10.64.0.0"), 3),
                            Map.of(),
                            Map.of(
                                    endpoint("127.0.1.1", port),
                                    relay(owner),
                                    endpoint("127.0.1.2", port),
                                    relay(standby),
                                    endpoint("127.0.1.3", port),
                                    relay(third))));
        }
        for (DataPlane plane : List.of(owner, standby, third)) {
            await(() -> plane.cluster().heard().size() == 2);
        }
    }

    @AfterEach
    void close() {
        peer.close();
        List.of(owner, standby, third).forEach(DataPlane::close);
    }

    private DataPlane plane(String host) throws IOException {
        return DataPlane.open(new DataPlaneSettings(List.of(endpoint(host, port)), null, GATEWAY, List.of(), null)
                .withRelay(new DataPlaneSettings.Relay(endpoint(host, 0), new Secret("a secret"))));
    }

    private ForwardingEntry entry(String host) {
        PeerPath path = new PeerPath(endpoint(host, port), endpoint("127.0.0.1", peer.getLocalPort()));
        return Samples.entry(0x0301, 9, SUBSCRIBER, path, 1_400);
    }

    private static Endpoint relay(DataPlane plane) {
        return Objects.requireNonNull(plane.relay());
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** Pings once by this node; true when the answer came from there. */
    private boolean answered(String host) {
        DatagramPacket answer = new DatagramPacket(new byte[2_048], 2_048);
        try {
            peer.send(new DatagramPacket(PING, PING.length, InetAddress.getByName(host), port));
            peer.receive(answer);
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return answer.getAddress().getHostAddress().equals(host);
    }

    @Test
    void anyNodeTakesAnyPacketAndAnswersLeaveWhereItCameIn() {
        for (String host : List.of("127.0.1.3", "127.0.1.1", "127.0.1.2", "127.0.1.3")) {
            await(() -> answered(host));
        }
        assertThat(third.table().totals().upPackets()).isZero();
        assertThat(standby.table().totals().upPackets()).isZero();
        assertThat(owner.table().totals().upPackets()).isGreaterThanOrEqualTo(4);
        assertThat(third.relays()).hasSize(2).allMatch(RelayFigures::heard);
        assertThat(owner.workers()).extracting(WorkerFigures::name).contains("relay-0");
        assertThat(owner.ports()).hasSize(2);
    }

    @Test
    void theStandbyForwardsWithinHalfASecondOfTheOwnersSilence() {
        await(() -> answered("127.0.1.3"));
        // As if the process were gone: nobody hears it any more.
        owner.cluster().place(Placement.ALONE);
        long from = System.nanoTime();
        await(() -> {
            answered("127.0.1.3");
            return standby.table().totals().upPackets() > 0;
        });
        long gap = System.nanoTime() - from;
        assertThat(gap).as("at least the time that makes a node silent").isGreaterThan(250_000_000L);
        assertThat(gap).as("nanoseconds").isLessThan(650_000_000L);
        await(() -> answered("127.0.1.3"));
    }

    @Test
    void afterACleanCloseTheStandbyForwardsAtOnce() {
        await(() -> answered("127.0.1.3"));
        long from = System.nanoTime();
        owner.close();
        await(() -> answered("127.0.1.3"));
        assertThat(System.nanoTime() - from).isLessThan(390_000_000L);
        assertThat(standby.table().totals().upPackets()).isPositive();
    }

    @Test
    void withoutAClusterThereIsNone() throws IOException {
        DataPlaneSettings settings =
                new DataPlaneSettings(List.of(endpoint("127.0.0.1", 0)), null, GATEWAY, List.of(), null);
        try (DataPlane alone = DataPlane.open(settings)) {
            assertThatThrownBy(alone::cluster).hasMessage("this node is in no cluster");
            assertThat(alone.relay()).isNull();
            assertThat(alone.relays()).isEmpty();
        }
        assertThatThrownBy(() -> new DataPlaneSettings.Relay(endpoint("0.0.0.0", 1_702), new Secret("s")))
                .hasMessageContaining("0.0.0.0");
    }
}
