package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.warren.control.port.PeerPath;
import io.warren.sys.TunDevice;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With a real TUN device, as {@link TunForwardingTest}. */
class TunReaderTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String DEVICE = "wr" + ProcessHandle.current().pid();
    private static final int GATEWAY = address("198.18.78.1");
    private static final int SUBSCRIBER = address("198.18.78.9");

    /** What a bug would do where complaints are written. */
    private static final class Breaking implements IpSink {
        @Override
        public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
            throw new IndexOutOfBoundsException("as a bug would");
        }

        @Override
        public void flush() {}

        @Override
        public void discard() {}
    }

    @Test
    void aFaultCostsABatchAndIsCountedAndTheNextBatchIsForwarded() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/dev/net/tun")));
        Drops drops = new Drops(System::nanoTime);
        AtomicBoolean wanted = new AtomicBoolean(true);
        try (TunDevice device = TunDevice.open(DEVICE, 1, true);
                UdpSocket socket = UdpSocket.bind(new InetSocketAddress(LOOPBACK, 0), 1 << 20, 1 << 20);
                DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            device.configure(GATEWAY, 1_500);
            device.addRoute(SUBSCRIBER, 32);
            peer.setSoTimeout(3_000);
            Sockets sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
            ForwardingTable table = new ForwardingTable(sockets::indexOf, 1_500);
            PeerPath path =
                    Samples.path("127.0.0.1", socket.localAddress().getPort(), "127.0.0.1", peer.getLocalPort());
            table.install(Samples.entry(7, 9, SUBSCRIBER, path, 576));
            Outbox outbox = new Outbox(sockets, 0, drops, true);
            Downlink downlink =
                    new Downlink(table, outbox, drops, DataPlaneSettings.Forwarding.DEFAULT, GATEWAY, new Breaking());
            WorkMeter meter = new WorkMeter("down", System.nanoTime());
            TunReader reader = new TunReader(device.queues().getFirst(), downlink, drops, meter, 64);
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    reader.run(wanted::get);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try {
                send(1_000);
                while (drops.count(DropReason.INTERNAL_ERROR) == 0) {
                    assertThat(thread.isAlive()).isTrue();
                    Thread.sleep(1);
                }
                send(100);
                DatagramPacket arrived = new DatagramPacket(new byte[2_000], 2_000);
                peer.receive(arrived);
                assertThat(arrived.getLength()).isEqualTo(10 + 28 + 100);
                assertThat(drops.count(DropReason.INTERNAL_ERROR)).isOne();
            } finally {
                wanted.set(false);
                thread.join();
            }
        }
    }

    /** With DF, so that a large one is complained of. */
    private static void send(int octets) throws Exception {
        try (DatagramChannel host = DatagramChannel.open()) {
            host.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
            InetAddress subscriber = InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(SUBSCRIBER).array());
            host.send(ByteBuffer.allocate(octets), new InetSocketAddress(subscriber, 4_000));
        }
    }
}
