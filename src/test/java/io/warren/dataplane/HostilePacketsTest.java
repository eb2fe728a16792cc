package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random and damaged packets in both directions, with everything switched on, through {@link Uplink}, {@link Coalescing},
 * {@link EchoResponder} and {@link Downlink}. The memory ends where the packet ends, so that whoever looks behind it is
 * found out.
 */
class HostilePacketsTest {
    private static final int ROUNDS = 20_000;
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int SERVER = address("192.0.2.1");
    private static final int[] MRUS = {0, 68, 128, 576, 1_400, 1_500, 9_000, 65_535};

    /** Receive buffers end at multiples of this, and have this many sizes. */
    private static final int LINE = 64;

    private static final int SIZES = 26;
    private static final int BATCH = 3;

    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Drops drops = new Drops(() -> 0);
    private final Device device = new Device();
    private final List<PacketBuffers> buffers = new ArrayList<>();
    private final List<Uplink> uplinks = new ArrayList<>();
    private UdpSocket socket;
    private DatagramSocket peer;
    private ForwardingTable table;
    private Downlink downlink;

    /** Merges as for a TUN device, and looks at every octet that would be written to it. */
    private static final class Device implements IpSink {
        private final Coalescing coalescing = new Coalescing(
                (vectors, from, count, _) -> {
                    for (int index = from; index < from + count; index++) {
                        written(vectors.octets(index).toArray(ValueLayout.JAVA_BYTE));
                    }
                },
                true,
                true,
                2);
        private long octets;

        private void written(byte[] piece) {
            octets += piece.length;
        }

        @Override
        public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
            return coalescing.take(memory, at, length, session);
        }

        @Override
        public void flush() {
            coalescing.flush();
        }

        @Override
        public void discard() {
            coalescing.discard();
        }
    }

    /** Wants everything. */
    private static final class Tap implements PacketListener {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public void received(PeerPath path, byte[] datagram) {}

        @Override
        public void sent(PeerPath path, byte[] datagram) {}
    }

    @BeforeEach
    void open() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        socket = UdpSocket.bind(new InetSocketAddress(loopback, 0), 1 << 20, 1 << 20);
        peer = new DatagramSocket(0, loopback);
        Sockets sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
        DataPlaneSettings.Forwarding forwarding = new DataPlaneSettings.Forwarding(
                1, OuterDscp.COPY, OuterDontFragment.COPY, true, true, 32, Duration.ofMillis(1));
        table = new ForwardingTable(sockets::indexOf, 1_500, forwarding, () -> 0);
        for (int call = 0; call < MRUS.length; call++) {
            install(call);
        }
        downlink = new Downlink(table, new Outbox(sockets, 0, drops, true), drops, forwarding, GATEWAY, device);
        Downlink echoes = new Downlink(table, new Outbox(sockets, 0, drops, true), drops, forwarding, GATEWAY, null);
        PuntQueues punts = new PuntQueues(4, 4);
        WorkMeter meter = new WorkMeter("test", 0);
        for (IpSink network : List.of(device, new EchoResponder(GATEWAY, null, echoes))) {
            for (int size = 1; size <= SIZES; size++) {
                PacketBuffers batch = new PacketBuffers(BATCH, 0, size * LINE);
                buffers.add(batch);
                uplinks.add(new Uplink(socket, table, network, punts, drops, new Tap(), batch, meter));
            }
        }
    }

    private void install(int call) {
        PeerPath path = Samples.path("127.0.0.1", socket.localAddress().getPort(), "127.0.0.1", peer.getLocalPort());
        boolean odd = (call & 1) != 0;
        table.install(new ForwardingEntry(
                new SessionKey(7, 9 + call),
                path,
                0x1234,
                0x5678,
                SUBSCRIBER + call,
                MRUS[call],
                odd,
                call % 3 == 0,
                odd,
                call == 5,
                call == 6 ? new TrafficLimits(1_000_000, 0, 1_000_000, 0, 100_000) : TrafficLimits.NONE));
    }

    @AfterEach
    void close() {
        peer.close();
        socket.close();
    }

    @Test
    void noPacketFromAPeerThrows() {
        int number = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int call = random.nextInt(MRUS.length);
            byte[] datagram = datagram(call, number++);
            int lines = Math.clamp((datagram.length + LINE - 1) / LINE, 1, SIZES);
            int which = random.nextInt(2) * SIZES + lines - 1;
            PacketBuffers batch = buffers.get(which);
            int count = random.nextInt(1, BATCH + 1);
            for (int slot = BATCH - count; slot < BATCH; slot++) {
                receive(batch, slot, random.nextBoolean() ? datagram : damaged(datagram, 40));
            }
            for (int slot = 0; slot < BATCH - count; slot++) {
                receive(batch, slot, new byte[0]);
            }
            uplinks.get(which).handle(BATCH, round * 10_000L);
            uplinks.get(which).giveUpLateFrames(round * 10_000L);
            assertThat(drops.count(DropReason.INTERNAL_ERROR))
                    .as("seed %d", seed)
                    .isZero();
        }
        assertThat(device.octets).as("seed %d", seed).isGreaterThan(ROUNDS);
        assertThat(table.totals().downPackets()).as("echoes, seed %d", seed).isPositive();
    }

    private void receive(PacketBuffers batch, int slot, byte[] datagram) {
        long at = batch.origin(slot);
        int length = (int) Math.min(datagram.length, batch.memory().byteSize() / BATCH);
        MemorySegment.copy(MemorySegment.ofArray(datagram), 0, batch.memory(), at, length);
        batch.setPacket(slot, at, length);
        batch.setRemote(slot, 0, AddressBits.ofIpv4(address("127.0.0.1")), peer.getLocalPort());
    }

    private byte[] datagram(int call, int number) {
        boolean ping = random.nextInt(8) == 0;
        byte[] inner =
                ping ? Samples.echoRequest(SUBSCRIBER + call, GATEWAY, 40) : packet(SUBSCRIBER + call, SERVER, 1_500);
        String ppp = List.of("ff030021", "ff0321", "0021", "21", "ff03c021", "8021", "", "ff")
                .get(random.nextInt(8));
        int flags = random.nextInt() & 0x4b00 | (random.nextInt(8) == 0 ? 0x8000 : 0);
        byte[] frame = concat(hex(ppp), random.nextInt(3) == 0 ? damaged(inner, 60) : inner);
        byte[] datagram = Samples.data(flags, 7, 9 + call, random.nextInt(8), frame);
        if ((flags & 0x0800) != 0) {
            int ns = random.nextInt(50) == 0 ? random.nextInt() : number + random.nextInt(-40, 40);
            ByteBuffer.wrap(datagram).putShort((flags & 0x4000) != 0 ? 8 : 6, (short) ns);
        }
        return random.nextInt(3) == 0 ? damaged(datagram, 20) : datagram;
    }

    @Test
    void noPacketForASubscriberThrows() {
        List<MemorySegment> batch = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] packet =
                    packet(SERVER, SUBSCRIBER + random.nextInt(MRUS.length), random.nextInt(20) == 0 ? 40_000 : 1_500);
            byte[] sent = random.nextInt(3) == 0 ? damaged(packet, 80) : packet;
            boolean offloaded = random.nextBoolean();
            byte[] read = offloaded ? concat(virtio(sent), sent) : sent;
            long at = Encapsulate.HEADROOM - (offloaded ? VirtioHeader.LENGTH : 0);
            MemorySegment memory = Arena.ofAuto().allocate(at + read.length);
            batch.add(memory);
            MemorySegment.copy(MemorySegment.ofArray(read), 0, memory, at, read.length);
            long now = round * 10_000L;
            assertThatCode(() -> down(offloaded, memory, at, read.length, now))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
            if (batch.size() == 16) {
                assertThatCode(downlink::flush).as("seed %d", seed).doesNotThrowAnyException();
                batch.clear();
            }
        }
        assertThat(table.totals().downPackets()).as("seed %d", seed).isGreaterThan(ROUNDS / 4);
        assertThat(device.octets).as("complaints, seed %d", seed).isPositive();
    }

    private void down(boolean offloaded, MemorySegment memory, long at, int length, long now) {
        if (offloaded) {
            downlink.sendOffloaded(memory, at, length, now);
        } else {
            downlink.send(memory, at, length, now);
        }
    }

    /** An IPv4 packet that may be anything, but has right lengths and addresses. */
    private byte[] packet(int source, int destination, int most) {
        int header = 4 * (random.nextInt(4) > 0 ? 5 : random.nextInt(5, 16));
        int[] protocols = {Ipv4Header.ICMP, 6, 6, 6, 17, 17, random.nextInt(256)};
        int protocol = protocols[random.nextInt(protocols.length)];
        byte[] octets = Samples.randomBytes(random, header + random.nextInt(most - 60));
        ByteBuffer packet = ByteBuffer.wrap(octets);
        int[] fragments = {0, 0, 0x4000, 0x4000, 0x2000, random.nextInt()};
        packet.put(0, (byte) (0x40 | header / 4)).putShort(2, (short) octets.length);
        packet.putShort(6, (short) fragments[random.nextInt(fragments.length)]).put(9, (byte) protocol);
        packet.putInt(12, source).putInt(16, destination);
        int data = octets.length - header;
        if (protocol == 6 && data >= 20) {
            int[] flags = {0x02, 0x12, 0x10, 0x10, 0x18, random.nextInt()};
            packet.putInt(header, 0x1000_2000);
            packet.put(header + 12, (byte) (random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(5, 8) << 4));
            packet.put(header + 13, (byte) flags[random.nextInt(flags.length)]);
        }
        if (protocol == 17 && data >= 8) {
            packet.putInt(header, 0x1000_2000).putShort(header + 4, (short) data);
        }
        return data >= 20 && header == 20 ? IpPackets.completed(octets) : octets;
    }

    /** One that fits the packet more or less, or not at all. */
    private byte[] virtio(byte[] packet) {
        if (random.nextInt(4) == 0) {
            return random.nextBoolean()
                    ? new byte[VirtioHeader.LENGTH]
                    : Samples.randomBytes(random, VirtioHeader.LENGTH);
        }
        boolean tcp = packet.length > 9 && packet[9] == 6;
        int header = packet.length == 0 ? 0 : (packet[0] & 0x0f) * 4;
        int[] types = {0, tcp ? 1 : 5, tcp ? 1 : 5, tcp ? 0x81 : 5, 4, 3};
        int[] sizes = {0, 16, 536, 1_400, random.nextInt(1, 0x1_0000)};
        return IpPackets.virtio(
                1,
                types[random.nextInt(types.length)],
                random.nextInt(0x1_0000),
                sizes[random.nextInt(sizes.length)],
                random.nextInt(8) == 0 ? random.nextInt(packet.length + 2) : header,
                random.nextInt(8) == 0 ? random.nextInt(packet.length + 2) : tcp ? 16 : 6);
    }

    /** With wrong bits and extreme values among the first {@code where} octets, or another length. */
    private byte[] damaged(byte[] octets, int where) {
        byte[] damaged = octets.clone();
        int most = Math.min(where, damaged.length);
        for (int times = most == 0 ? 0 : random.nextInt(4); times > 0; times--) {
            int at = random.nextInt(most);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = 0;
                case 1 -> damaged[at] = -1;
                default -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
            case 1 -> Arrays.copyOf(damaged, Math.min(damaged.length, random.nextInt(where + 1)));
            case 2 -> Arrays.copyOf(damaged, (damaged.length + LINE - 1) / LINE * LINE);
            case 3 -> Arrays.copyOf(damaged, damaged.length / LINE * LINE);
            default -> damaged;
        };
    }
}
