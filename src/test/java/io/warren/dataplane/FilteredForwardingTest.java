package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.FilterRule;
import io.warren.config.FilterRules;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Uplink} and {@link Downlink} of calls that are behind filters, and of those that are not. */
class FilteredForwardingTest {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int LISTED = address("192.0.2.1");
    private static final int OTHER = address("198.51.100.1");
    private static final SessionKey KEY = new SessionKey(7, 9);
    private static final DataPlaneSettings.Forwarding FORWARDING = new DataPlaneSettings.Forwarding(
            1,
            OuterDscp.NONE,
            OuterDontFragment.CLEAR,
            false,
            false,
            0,
            Duration.ZERO,
            Filters.of(List.of(new FilterRules(
                    "garden",
                    List.of(FilterRule.parse("accept to 192.0.2.0/24")),
                    List.of(FilterRule.parse("accept from 192.0.2.0/24"))))));

    private final List<byte[]> network = new ArrayList<>();
    private final IpSink sink = new IpSink() {
        @Override
        public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
            network.add(Octets.copy(memory, at, length));
            return null;
        }

        @Override
        public void flush() {}

        @Override
        public void discard() {}
    };
    private final Drops drops = new Drops(() -> 0);
    private final PacketBuffers received = new PacketBuffers(4, Encapsulate.HEADROOM, 2_048);
    private final BuildSpace toSend = new BuildSpace(1 << 16);
    private UdpSocket socket;
    private DatagramSocket peer;
    private ForwardingTable table;
    private Uplink uplink;
    private Downlink downlink;

    @BeforeEach
    void open() throws IOException {
        socket = UdpSocket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1 << 20, 1 << 20);
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Sockets sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
        table = new ForwardingTable(sockets::indexOf, 1_500, FORWARDING, System::nanoTime);
        uplink = new Uplink(
                socket,
                table,
                sink,
                new PuntQueues(4, 4),
                drops,
                PacketListener.NONE,
                received,
                new WorkMeter("test", 0));
        downlink = new Downlink(table, new Outbox(sockets, 0, drops, true), drops, FORWARDING, GATEWAY, sink);
    }

    @AfterEach
    void close() {
        peer.close();
        socket.close();
    }

    @Test
    void aFilteredCallReachesOnlyWhatIsListed() {
        install(List.of("garden"));
        up(LISTED);
        up(OTHER);
        down(LISTED);
        down(OTHER);
        assertThat(network).hasSize(1);
        assertThat(count(DropReason.FILTERED_UP)).isEqualTo(1);
        assertThat(count(DropReason.FILTERED_DOWN)).isEqualTo(1);
        assertThat(table.counters(KEY).upPackets()).isEqualTo(1);
        assertThat(table.counters(KEY).downPackets()).isEqualTo(1);
        assertThat(table.counters(KEY).drops()).isEqualTo(2);
    }

    @Test
    void onAndOffWhileTheCallIsUpAndTheCountersGoOn() {
        install(List.of());
        up(OTHER);
        install(List.of("garden.out"));
        up(OTHER);
        down(OTHER);
        install(List.of("not here"));
        up(OTHER);
        down(OTHER);
        assertThat(network).hasSize(3);
        assertThat(count(DropReason.FILTERED_DOWN)).isEqualTo(1);
        assertThat(count(DropReason.FILTERED_UP)).isZero();
        assertThat(table.counters(KEY).upPackets()).isEqualTo(3);
    }

    private void install(List<String> filters) {
        PeerPath path = Samples.path("127.0.0.1", socket.localAddress().getPort(), "127.0.0.1", peer.getLocalPort());
        table.install(new ForwardingEntry(
                KEY,
                path,
                0x1234,
                0x5678,
                SUBSCRIBER,
                1_400,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE,
                null,
                null,
                filters));
    }

    private void up(int destination) {
        byte[] datagram =
                Samples.data(0, 7, 9, 0, concat(hex("ff03 0021"), Samples.udpPacket(SUBSCRIBER, destination, 100)));
        long at = received.origin(0);
        MemorySegment.copy(MemorySegment.ofArray(datagram), 0, received.memory(), at, datagram.length);
        received.setPacket(0, at, datagram.length);
        received.setRemote(0, 0, AddressBits.ofIpv4(address("127.0.0.1")), peer.getLocalPort());
        uplink.handle(1, 0);
    }

    private void down(int source) {
        byte[] packet = Samples.udpPacket(source, SUBSCRIBER, 100);
        long at = toSend.take(packet.length);
        MemorySegment.copy(MemorySegment.ofArray(packet), 0, toSend.memory(), at, packet.length);
        downlink.send(toSend.memory(), at, packet.length, 0);
        downlink.flush();
    }

    private long count(DropReason reason) {
        return drops.count(reason);
    }
}
