package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.endpoint;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A real TUN device, in the network namespace that the test runs in: its addresses are from the benchmarking block
 * 198.18.0.0/15 (RFC 2544), its name is the process's.
 */
class TunForwardingTest {
    private static final int GATEWAY = address("198.18.77.1");
    private static final int SUBSCRIBER = address("198.18.77.9");
    private static final String DEVICE = "wt" + ProcessHandle.current().pid();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static ActorSystem system;

    @BeforeAll
    static void needsRootAndTun() throws IOException {
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            lacking("there is no /dev/net/tun");
        }
        if (!hasNetAdmin()) {
            lacking("CAP_NET_ADMIN is missing: run as root");
        }
        system = Samples.localActorSystem("tun");
    }

    @AfterAll
    static void stop() {
        if (system != null) {
            system.terminate();
        }
    }

    private static void lacking(String what) {
        String message = "forwarding through a TUN device is not tested: " + what;
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        } else {
            abort(message);
        }
    }

    private static boolean hasNetAdmin() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1L << 12) != 0);
    }

    private static DataPlaneSettings settings() {
        return new DataPlaneSettings(
                List.of(endpoint("127.0.0.1", 0)),
                DEVICE,
                GATEWAY,
                List.of(new DataPlaneSettings.Route(address("198.18.77.0"), 24)),
                null);
    }

    @Test
    void forwardsBothWaysBetweenACallAndTheKernel() throws Exception {
        try (DataPlane plane = DataPlane.open(settings());
                DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            peer.setSoTimeout(3_000);
            assertThat(plane.tunUp()).isTrue();
            assertThat(plane.nullPlane()).isFalse();
            NetworkInterface device = NetworkInterface.getByName(DEVICE);
            assertThat(device.getMTU()).isEqualTo(1_500);
            assertThat(device.getInterfaceAddresses()).anySatisfy(address -> {
                assertThat(address.getAddress().getHostAddress()).isEqualTo("198.18.77.1");
                assertThat(address.getNetworkPrefixLength()).isEqualTo((short) 32);
            });
            var stream = plane.packets().runWith(Sink.queue(), system);
            PeerPath path = new PeerPath(plane.listening().getFirst(), endpoint("127.0.0.1", peer.getLocalPort()));
            plane.sessions().install(Samples.entry(7, 9, SUBSCRIBER, path, 1_400));

            // The kernel has the gateway address and answers the ping itself.
            byte[] ping = Samples.echoRequest(SUBSCRIBER, GATEWAY, 1_000);
            byte[] datagram = concat(hex("0002 0007 0009 ff030021"), ping);
            peer.send(new DatagramPacket(
                    datagram,
                    datagram.length,
                    LOOPBACK,
                    plane.listening().getFirst().port()));
            byte[] reply = receive(peer);
            assertThat(Arrays.copyOf(reply, 10)).isEqualTo(hex("0002 1234 5678 ff030021"));
            assertThat(Arrays.copyOfRange(reply, 22, 30)).isEqualTo(hex("c6124d01 c6124d09"));
            assertThat(reply[30]).isZero();
            assertThat(reply).hasSize(10 + 1_028);
            // Counted after the write, so perhaps a little later than the reply.
            for (int round = 0; round < 200 && upOctets(plane) == 0; round++) {
                Thread.sleep(10);
            }
            assertThat(upOctets(plane)).isEqualTo(1_028);

            // The pool is routed to the device.
            try (DatagramSocket host = new DatagramSocket()) {
                byte[] hello = {1, 2, 3};
                InetAddress subscriber = InetAddress.getByAddress(new byte[] {(byte) 198, 18, 77, 9});
                host.send(new DatagramPacket(hello, 3, subscriber, 4_000));
                byte[] arrived = receive(peer);
                assertThat(Arrays.copyOfRange(arrived, arrived.length - 3, arrived.length))
                        .isEqualTo(hello);
            }
            stream.cancel();
        }
        assertThat(NetworkInterface.getByName(DEVICE)).isNull();
    }

    @Test
    void aDeviceThatIsInUseIsNamedWithTheRemedy() throws Exception {
        try (DataPlane plane = DataPlane.open(settings())) {
            assertThat(plane.tunUp()).isTrue();
            assertThatThrownBy(() -> DataPlane.open(settings()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(DEVICE)
                    .hasMessageContaining("another process holds this device");
        }
    }

    @Test
    void ringsGoWithTheDevice() throws Exception {
        long before = rings();
        try (DataPlane plane = DataPlane.open(settings())) {
            assertThat(plane.tunUp()).isTrue();
            assumeTrue(rings() > before, "this kernel has no io_uring for us");
        }
        assertThat(rings()).isEqualTo(before);
    }

    private static long rings() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(TunForwardingTest::isRing).count();
        }
    }

    private static boolean isRing(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[io_uring]");
        } catch (IOException e) {
            return false;
        }
    }

    private static long upOctets(DataPlane plane) {
        return plane.sessions().counters(new SessionKey(7, 9)).upOctets();
    }

    private static byte[] receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
