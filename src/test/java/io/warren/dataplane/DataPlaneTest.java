package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.endpoint;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import io.warren.control.port.Ingress;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole plane over real sockets on loopback, without a TUN device. */
class DataPlaneTest {
    private static final byte[] IPV4 = hex("ff030021");
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static ActorSystem system;

    private DataPlane plane;
    private DatagramSocket peer;
    private int port;

    @BeforeAll
    static void start() {
        system = Samples.localActorSystem("plane");
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    @BeforeEach
    void open() throws IOException {
        plane = DataPlane.open(settings("0.0.0.0", 0));
        port = plane.listening().getFirst().port();
        peer = new DatagramSocket(0, LOOPBACK);
        peer.setSoTimeout(3_000);
    }

    @AfterEach
    void close() {
        peer.close();
        plane.close();
    }

    private static DataPlaneSettings settings(String host, int port) {
        return new DataPlaneSettings(List.of(endpoint(host, port)), null, GATEWAY, List.of(), null);
    }

    private SinkQueueWithCancel<Ingress> run() {
        return plane.packets().runWith(Sink.queue(), system);
    }

    private static Ingress next(SinkQueueWithCancel<Ingress> queue) throws Exception {
        return queue.pull().toCompletableFuture().get(3, TimeUnit.SECONDS).orElseThrow();
    }

    private void send(String host, byte[] datagram) throws IOException {
        peer.send(new DatagramPacket(datagram, datagram.length, InetAddress.getByName(host), port));
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        peer.receive(packet);
        return packet;
    }

    private PeerPath path(String local) {
        return new PeerPath(endpoint(local, port), endpoint("127.0.0.1", peer.getLocalPort()));
    }

    @Test
    void emitsDecodedControlAndFramesWithTheAddressThatWasSpokenTo() throws Exception {
        SinkQueueWithCancel<Ingress> queue = run();
        send("127.0.0.1", hex("c802 000c 0007 0000 0003 0004"));
        assertThat(next(queue)).isInstanceOfSatisfying(Ingress.ControlArrived.class, arrived -> {
            assertThat(arrived.path()).isEqualTo(path("127.0.0.1"));
            assertThat(arrived.packet().tunnelId()).isEqualTo(7);
            assertThat(arrived.packet().body()).isEqualTo(new ZeroLengthBody());
        });
        send("127.9.8.7", hex("0002 0007 0009 ff03c021 01010004"));
        assertThat(next(queue))
                .isEqualTo(new Ingress.FrameArrived(
                        path("127.9.8.7"), new SessionKey(7, 9), Bytes.ofHex("ff03c02101010004")));
        queue.cancel();
    }

    @Test
    void pitfall28_answersLeaveWithTheAddressThatThePeerSpokeTo() throws Exception {
        plane.transport().send(path("127.9.8.7"), hex("c802 000c 0001 0000 0000 0001"));
        DatagramPacket answer = receive();
        assertThat(answer.getAddress().getHostAddress()).isEqualTo("127.9.8.7");
        assertThat(answer.getPort()).isEqualTo(port);
        assertThat(answer.getLength()).isEqualTo(12);
    }

    @Test
    void pitfall28_anSccrqOfVersion3IsPassedOnToBeRefused() throws Exception {
        SinkQueueWithCancel<Ingress> queue = run();
        send("127.0.0.1", hex("""
                c803 001c 00000000 0000 0000   # T L S, version 3, Control Connection ID 0
                8008 0000 0000 0001            # Message Type SCCRQ
                8008 0000 0009 0bad            # Assigned Tunnel ID"""));
        assertThat(next(queue)).isEqualTo(new Ingress.VersionMismatch(path("127.0.0.1"), 0x0bad));
        queue.cancel();
    }

    @Test
    void theNullPlaneAnswersPingsAtTheGatewayThroughTheCall() throws Exception {
        SinkQueueWithCancel<Ingress> queue = run();
        assertThat(plane.nullPlane()).isTrue();
        assertThat(plane.tunUp()).isTrue();
        int subscriber = address("10.64.0.9");
        SessionKey key = new SessionKey(7, 9);
        plane.sessions().install(Samples.entry(7, 9, subscriber, path("127.0.0.1"), 1_400));
        byte[] ping = Samples.echoRequest(subscriber, GATEWAY, 56);

        send("127.0.0.1", concat(hex("0002 0007 0009"), IPV4, ping));

        DatagramPacket reply = receive();
        byte[] octets = Arrays.copyOf(reply.getData(), reply.getLength());
        assertThat(Arrays.copyOf(octets, 10)).isEqualTo(hex("0002 1234 5678 ff030021"));
        byte[] ip = Arrays.copyOfRange(octets, 10, octets.length);
        assertThat(ip).hasSameSizeAs(ping);
        assertThat(Arrays.copyOfRange(ip, 12, 20)).isEqualTo(hex("0a400001 0a400009"));
        assertThat(ip[20]).isZero();
        assertThat(Samples.slowChecksum(ip, 0, 20)).isZero();
        assertThat(Samples.slowChecksum(ip, 20, ip.length)).isZero();
        send("127.0.0.1", concat(hex("0002 0007 0009"), IPV4, Samples.echoRequest(subscriber, GATEWAY + 1, 1)));
        send("127.0.0.1", concat(hex("0002 0007 0009"), IPV4, Samples.echoRequest(subscriber + 1, GATEWAY, 1)));
        awaitDrop("null-plane", 1);
        awaitDrop("wrong-inner-source", 1);
        assertThat(plane.sessions().remove(key)).isEqualTo(new SessionCounters(1, 84, 1, 84, 2));
        queue.cancel();
    }

    @Test
    void dataFromAnotherPortThanTheTunnelsIsDropped() throws Exception {
        SinkQueueWithCancel<Ingress> queue = run();
        plane.sessions().install(Samples.entry(7, 9, address("10.64.0.9"), path("127.0.0.1"), 1_400));
        try (DatagramSocket stranger = new DatagramSocket()) {
            byte[] lcp = hex("0002 0007 0009 c021 05010004");
            stranger.send(new DatagramPacket(lcp, lcp.length, LOOPBACK, port));
        }
        awaitDrop("wrong-peer", 1);
        queue.cancel();
    }

    @Test
    void garbageIsCountedByReasonAndTheStreamGoesOn() throws Exception {
        SinkQueueWithCancel<Ingress> queue = run();
        send("127.0.0.1", new byte[0]);
        send("127.0.0.1", hex("00"));
        send("127.0.0.1", hex("0001 0000 0000"));
        send("127.0.0.1", hex("8002 000c 0000 0000 0000 0000"));
        send("127.0.0.1", hex("c802 ffff 0000 0000 0000 0000"));
        send("127.0.0.1", hex("c802 0010 0000 0000 0000 0000 8000 0000"));
        send("127.0.0.1", hex("c803 0014 00000000 0000 0000 8008 0000 0000 0006"));
        awaitDrop("short-header", 2);
        awaitDrop("bad-version", 1);
        awaitDrop("bad-control-header", 1);
        awaitDrop("bad-length", 1);
        awaitDrop("undecodable-control", 2);
        send("127.0.0.1", hex("c802 000c 0007 0000 0003 0004"));
        assertThat(next(queue)).isInstanceOf(Ingress.ControlArrived.class);
        queue.cancel();
    }

    @Test
    void aStreamThatDoesNotPullLosesTheNewestFramesButNoControl() throws Exception {
        DataPlaneSettings small = new DataPlaneSettings(
                List.of(endpoint("127.0.0.1", 0)),
                null,
                GATEWAY,
                List.of(),
                1_500,
                new DataPlaneSettings.Sizes(1 << 20, 1 << 20, 16, 8, 8),
                null,
                DataPlaneSettings.Forwarding.DEFAULT,
                null,
                null);
        try (DataPlane narrow = DataPlane.open(small)) {
            port = narrow.listening().getFirst().port();
            TestSubscriber.Probe<Ingress> probe = narrow.packets().runWith(TestSink.create(system), system);
            probe.ensureSubscription();
            for (int session = 1; session <= 20; session++) {
                send("127.0.0.1", concat(hex("0002 0007"), new byte[] {0, (byte) session}, hex("c021")));
            }
            send("127.0.0.1", hex("c802 000c 0007 0000 0003 0004"));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            while (dropped(narrow, "frame-queue-full") < 12 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(dropped(narrow, "frame-queue-full")).isEqualTo(12);
            Thread.sleep(50);
            probe.request(9);
            assertThat(probe.expectNext()).isInstanceOf(Ingress.ControlArrived.class);
            for (int session = 1; session <= 8; session++) {
                Ingress frame = probe.expectNext();
                assertThat(((Ingress.FrameArrived) frame).key().sessionId()).isEqualTo(session);
            }
            assertThat(narrow.drops()).containsEntry("control-queue-full", 0L);
            probe.cancel();
        }
    }

    @Test
    void anotherStreamMayRunAfterTheFirstButNotBesideIt() throws Exception {
        SinkQueueWithCancel<Ingress> first = run();
        send("127.0.0.1", hex("c802 000c 0007 0000 0003 0004"));
        next(first);
        SinkQueueWithCancel<Ingress> beside = run();
        assertThatThrownBy(() -> beside.pull().toCompletableFuture().get(3, TimeUnit.SECONDS))
                .hasRootCauseMessage("the packets are read by another stream already");
        first.cancel();
        Thread.sleep(200);
        SinkQueueWithCancel<Ingress> second = run();
        CompletionStage<Optional<Ingress>> arrived = second.pull();
        // What comes in between the two streams may be lost.
        for (int round = 0; round < 30 && !arrived.toCompletableFuture().isDone(); round++) {
            send("127.0.0.1", hex("c802 000c 0008 0000 0003 0004"));
            Thread.sleep(100);
        }
        assertThat(arrived).isCompletedWithValueMatching(ingress -> ingress.isPresent());
        second.cancel();
    }

    @Test
    void closingCompletesTheStream() throws Exception {
        SinkQueueWithCancel<Ingress> queue = run();
        send("127.0.0.1", hex("c802 000c 0007 0000 0003 0004"));
        next(queue);
        plane.close();
        Optional<Ingress> end = queue.pull().toCompletableFuture().get(3, TimeUnit.SECONDS);
        assertThat(end).isEmpty();
        assertThat(plane.udpBound()).isFalse();
        plane.transport().send(path("127.0.0.1"), new byte[12]);
        assertThat(plane.drops()).containsEntry("send-failed", 1L);
    }

    @Test
    void overIpv6AnswersLeaveFromTheAddressThatWasSpokenToAsOverIpv4() throws Exception {
        DataPlaneSettings both = new DataPlaneSettings(
                List.of(endpoint("0.0.0.0", 0), endpoint("::", 0)), null, GATEWAY, List.of(), null);
        int subscriber = address("10.64.0.9");
        try (DataPlane dual = DataPlane.open(both);
                DatagramSocket peer6 = new DatagramSocket(0, InetAddress.getByName("::1"))) {
            peer6.setSoTimeout(3_000);
            port = dual.listening().getLast().port();
            PeerPath path = new PeerPath(endpoint("::1", port), endpoint("::1", peer6.getLocalPort()));
            SinkQueueWithCancel<Ingress> queue = dual.packets().runWith(Sink.queue(), system);
            byte[] hello = hex("c802 000c 0007 0000 0003 0004");
            peer6.send(new DatagramPacket(hello, hello.length, InetAddress.getByName("::1"), port));
            assertThat(((Ingress.ControlArrived) next(queue)).path()).isEqualTo(path);

            dual.transport().send(path, new byte[13]);
            DatagramPacket answer = new DatagramPacket(new byte[2_048], 2_048);
            peer6.receive(answer);
            assertThat(answer.getLength()).isEqualTo(13);
            assertThat(answer.getSocketAddress()).isEqualTo(path.local().toSocketAddress());

            dual.sessions().install(Samples.entry(7, 9, subscriber, path, 1_400));
            byte[] ping = concat(hex("0002 0007 0009"), IPV4, Samples.echoRequest(subscriber, GATEWAY, 32));
            peer6.send(new DatagramPacket(ping, ping.length, InetAddress.getByName("::1"), port));
            peer6.receive(answer);
            assertThat(answer.getLength()).isEqualTo(10 + 60);
            assertThat(dual.drops().values()).containsOnly(0L);
            queue.cancel();
        }
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> DataPlane.open(settings("0.0.0.0", port)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0.0.0.0:" + port)
                .hasMessageContaining("EADDRINUSE")
                .hasMessageContaining("ss -ulpn");
    }

    @Test
    void anAddressThatIsNotOursIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> DataPlane.open(settings("203.0.113.77", 0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("203.0.113.77")
                .hasMessageContaining("no such address");
    }

    @Test
    void theTapSeesControlBothWaysAndNoForwardedData() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        PacketListener tap = new PacketListener() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public void received(PeerPath path, byte[] datagram) {
                seen.add("in " + datagram.length);
            }

            @Override
            public void sent(PeerPath path, byte[] datagram) {
                seen.add("out " + datagram.length);
            }
        };
        try (DataPlane tapped = DataPlane.open(settings("127.0.0.1", 0), tap)) {
            port = tapped.listening().getFirst().port();
            tapped.sessions().install(Samples.entry(7, 9, address("10.64.0.9"), path("127.0.0.1"), 1_400));
            SinkQueueWithCancel<Ingress> queue = tapped.packets().runWith(Sink.queue(), system);
            byte[] ping = Samples.echoRequest(address("10.64.0.9"), GATEWAY, 0);
            send("127.0.0.1", concat(hex("0002 0007 0009"), IPV4, ping));
            receive();
            send("127.0.0.1", hex("c802 000c 0007 0000 0003 0004"));
            next(queue);
            tapped.transport().send(path("127.0.0.1"), new byte[13]);
            receive();
            assertThat(seen).containsExactly("in 12", "out 13");
            queue.cancel();
        }
    }

    private void awaitDrop(String reason, long count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        while (dropped(plane, reason) < count && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(dropped(plane, reason)).as(reason).isEqualTo(count);
    }

    private static long dropped(DataPlane plane, String reason) {
        return plane.drops().getOrDefault(reason, -1L);
    }
}
