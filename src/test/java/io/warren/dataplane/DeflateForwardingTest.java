package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ingress.FrameArrived;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import io.warren.wire.Bytes;
import io.warren.wire.deflate.DeflateReceiver;
import io.warren.wire.deflate.DeflateSender;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls whose packets are compressed, in {@link Uplink} and {@link Downlink}, which are fed by hand. */
class DeflateForwardingTest {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int SERVER = address("192.0.2.1");
    private static final String HOST6 = "2001:db8:0:7::1234";
    private static final String SERVER6 = "2001:db8:ffff::1";
    private static final int MRU = 1_400;

    /** Shard 3. */
    private static final SessionKey KEY = new SessionKey(0x0301, 9);

    private static final DataPlaneSettings.Forwarding FORWARDING = forwarding(2);

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
    private final PuntQueues punts = new PuntQueues(64, 64);
    private final PacketBuffers received = new PacketBuffers(4, Encapsulate.HEADROOM, 2_048);
    private final BuildSpace toSend = new BuildSpace(1 << 18);
    private final DeflateSender client = new DeflateSender();
    private final DeflateReceiver atClient = new DeflateReceiver(MRU);
    private long now;
    private UdpSocket socket;
    private DatagramSocket peer;
    private ForwardingTable table;
    private Uplink uplink;
    private Downlink downlink;

    @BeforeEach
    void open() throws IOException {
        socket = UdpSocket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1 << 20, 1 << 20);
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(2_000);
        Sockets sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
        table = new ForwardingTable(sockets::indexOf, 1_500, FORWARDING, () -> 0);
        WorkMeter meter = new WorkMeter("test", 0);
        uplink = new Uplink(socket, table, sink, punts, drops, PacketListener.NONE, received, meter);
        downlink = new Downlink(table, new Outbox(sockets, 0, drops, true), drops, FORWARDING, GATEWAY, sink);
        table.install(entry(1, KEY, SUBSCRIBER));
    }

    @AfterEach
    void close() {
        client.end();
        atClient.end();
        peer.close();
        socket.close();
    }

    private static DataPlaneSettings.Forwarding forwarding(int deflateCalls) {
        DataPlaneSettings.Forwarding usual = DataPlaneSettings.Forwarding.DEFAULT;
        return new DataPlaneSettings.Forwarding(
                usual.queues(),
                usual.dscp(),
                usual.dontFragment(),
                usual.lengthBit(),
                usual.offloads(),
                usual.reorderFrames(),
                usual.reorderWait(),
                usual.filters(),
                deflateCalls);
    }

    private ForwardingEntry entry(long id, SessionKey key, int subscriber) {
        return entry(new ForwardingEntry.Deflate(id, true, true, MRU), key, subscriber);
    }

    private ForwardingEntry entry(ForwardingEntry.@Nullable Deflate deflate, SessionKey key, int subscriber) {
        return new ForwardingEntry(
                        key,
                        Samples.path("127.0.0.1", socket.localAddress().getPort(), "127.0.0.1", peer.getLocalPort()),
                        0x1234,
                        0x5678,
                        subscriber,
                        MRU,
                        false,
                        false,
                        false,
                        false,
                        TrafficLimits.NONE,
                        key.equals(KEY) ? new ForwardingEntry.Ipv6(List.of(Ipv6Samples.LINK)) : null)
                .withDeflate(deflate);
    }

    /** As the client sends it, without the L2TP header. */
    private byte[] deflated(int protocol, byte[] packet) {
        byte[] octets = packet.clone();
        int length = client.compress(protocol, MemorySegment.ofArray(octets), 0, octets.length);
        return length == 0
                ? concat(new byte[] {(byte) protocol}, packet)
                : concat(hex("ff0300fd"), Arrays.copyOf(octets, length));
    }

    private void up(byte[] frame) {
        byte[] datagram = Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, frame);
        long at = received.origin(0);
        MemorySegment.copy(MemorySegment.ofArray(datagram), 0, received.memory(), at, datagram.length);
        received.setPacket(0, at, datagram.length);
        received.setRemote(0, 0, AddressBits.ofIpv4(address("127.0.0.1")), peer.getLocalPort());
        uplink.handle(1, now);
    }

    private void down(byte[] packet) {
        toSend.clear();
        long at = toSend.take(packet.length);
        MemorySegment.copy(MemorySegment.ofArray(packet), 0, toSend.memory(), at, packet.length);
        downlink.send(toSend.memory(), at, packet.length, 0);
        downlink.flush();
    }

    /** The frame that the peer gets, with its L2TP header of {@code skip} octets cut off. */
    private byte[] atPeer(int skip) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        peer.receive(packet);
        return Arrays.copyOfRange(packet.getData(), skip, packet.getLength());
    }

    /** What the peer makes of the frame that it got; it may be compressed, or not. */
    private byte[] opened(byte[] frame) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        assertThat(Arrays.copyOf(frame, 3)).isEqualTo(hex("ff0300"));
        if (frame[3] == (byte) 0xfd) {
            assertThat(atClient.open(memory, 4, frame.length - 4)).isEqualTo(DeflateReceiver.Result.OPENED);
            return Arrays.copyOf(atClient.frame(), atClient.length());
        }
        atClient.passed(frame[3], memory, 4, frame.length - 4);
        return Arrays.copyOfRange(frame, 3, frame.length);
    }

    private List<String> punted() {
        List<FrameArrived> frames = new ArrayList<>();
        punts.drainFrames(frames);
        return frames.stream().map(frame -> frame.frame().toHex()).toList();
    }

    private byte[] noise(int length) {
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, length);
        byte[] noise = Samples.randomBytes(new SplittableRandom(length), length);
        System.arraycopy(noise, 0, packet, packet.length - length, length);
        return packet;
    }

    @Test
    void bothFamiliesReachTheNetworkAsTheyWere() {
        byte[] four = Samples.udpPacket(SUBSCRIBER, SERVER, 1_000);
        byte[] six = Ipv6Samples.udp(HOST6, SERVER6, 1_000);
        for (int n = 0; n < 10; n++) {
            network.clear();
            up(deflated(0x21, four));
            up(deflated(0x57, six));
            up(deflated(0x21, noise(500 + n)));
            assertThat(network).hasSize(3);
            assertThat(network.get(0)).isEqualTo(four);
            assertThat(network.get(1)).isEqualTo(six);
            assertThat(network.get(2)).isEqualTo(noise(500 + n));
        }
        assertThat(table.counters(KEY).upPackets()).isEqualTo(30);
    }

    /** Accounting counts IP packets as they are before compression. */
    @Test
    void bothFamiliesReachThePeerSmallerAndAreCountedWhole() throws IOException {
        byte[] four = Samples.udpPacket(SERVER, SUBSCRIBER, 1_000);
        byte[] six = Ipv6Samples.udp(SERVER6, HOST6, 1_000);
        for (int n = 0; n < 5; n++) {
            down(four);
            byte[] frame = atPeer(6);
            assertThat(frame.length).isLessThan(four.length / 2);
            assertThat(opened(frame)).isEqualTo(concat(hex("21"), four));
            down(six);
            assertThat(opened(atPeer(6))).isEqualTo(concat(hex("57"), six));
        }
        assertThat(table.counters(KEY).downPackets()).isEqualTo(10);
        assertThat(table.counters(KEY).downOctets()).isEqualTo(5L * (four.length + six.length));
    }

    @Test
    void packetsThatCannotBecomeSmallerLeaveAsTheyAreAndStayInStep() throws IOException {
        byte[] noise = Samples.udpPacket(SERVER, SUBSCRIBER, 900);
        System.arraycopy(Samples.randomBytes(new SplittableRandom(1), 900), 0, noise, noise.length - 900, 900);
        down(noise);
        byte[] frame = atPeer(6);
        assertThat(frame).startsWith(hex("ff030021"));
        opened(frame);
        down(noise);
        frame = atPeer(6);
        assertThat(frame.length).isLessThan(100);
        assertThat(opened(frame)).isEqualTo(concat(hex("21"), noise));
    }

    @Test
    void aForeignSourceInsideIsDropped() {
        up(deflated(0x21, Samples.udpPacket(SERVER, SERVER, 100)));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.WRONG_INNER_SOURCE)).isOne();
    }

    /** The control plane sees one packet now and then, and sends the Reset-Request; the Reset-Ack comes this way. */
    @Test
    void afterAGapNothingPassesUntilTheResetAck() {
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, 300);
        up(deflated(0x21, packet));
        deflated(0x21, packet);
        for (int n = 0; n < 5; n++) {
            up(deflated(0x21, packet));
        }
        assertThat(network).hasSize(1);
        assertThat(drops.count(DropReason.DEFLATE_GAP)).isOne();
        assertThat(drops.count(DropReason.DEFLATE_LOST)).isEqualTo(4);
        assertThat(punted()).singleElement().asString().startsWith("ff0300fd");
        now += 100_000_000;
        up(deflated(0x21, packet));
        assertThat(punted()).hasSize(1);

        client.reset();
        up(hex("ff0380fd0f010004"));
        assertThat(punted()).containsExactly("ff0380fd0f010004");
        up(deflated(0x21, packet));
        assertThat(network).hasSize(2);
    }

    @Test
    void aResetAckOfOursBeginsAnewBeforeWhatFollows() throws IOException {
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 300);
        down(packet);
        atPeer(6);
        down(packet);
        assertThat(atPeer(6)[5]).as("number").isOne();
        Bytes ack = Bytes.ofHex("ff0380fd0f010004");
        assertThat(table.encrypted(KEY, ack)).isEqualTo(ack);
        down(packet);
        byte[] frame = atPeer(6);
        assertThat(frame[5]).as("number").isZero();
        assertThat(opened(frame)).isEqualTo(concat(hex("21"), packet));
    }

    @Test
    void framesOfTheControlPlaneAreInTheHistoryToo() throws IOException {
        byte[] six = Ipv6Samples.udp(SERVER6, HOST6, 300);
        Bytes frame = table.encrypted(KEY, Bytes.of(concat(hex("ff030057"), six)));
        assertThat(frame).isNotNull();
        assertThat(opened(frame.toByteArray())).isEqualTo(concat(hex("57"), six));
        Bytes lcp = Bytes.ofHex("ff03c0210901000800000000");
        assertThat(table.encrypted(KEY, lcp)).isEqualTo(lcp);
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 300);
        down(packet);
        assertThat(opened(atPeer(6))).isEqualTo(concat(hex("21"), packet));
    }

    @Test
    void aBombIsDroppedAndCounted() {
        byte[] packet = new byte[100_000];
        up(deflated(0x21, packet));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.DEFLATE_TOO_LARGE)).isOne();
    }

    @Test
    void historiesGoOnWithAnEntryAndBeginAnewWithASession() throws IOException {
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 300);
        down(packet);
        opened(atPeer(6));
        table.limit(KEY, new TrafficLimits(1_000_000, 0, 1_000_000, 0, 0));
        down(packet);
        byte[] second = atPeer(6);
        assertThat(second[5]).as("goes on when an entry is replaced").isOne();
        opened(second);
        table.install(entry(2, KEY, SUBSCRIBER));
        down(packet);
        assertThat(atPeer(6)[5]).as("begins anew with a new session").isZero();
        table.install(entry(null, KEY, SUBSCRIBER));
        down(packet);
        assertThat(atPeer(6)).startsWith(hex("ff030021"));
    }

    /** Memory outside the heap is bounded, and given back. */
    @Test
    void callsBeyondTheBoundSendInTheClearAndOpenNothing() throws IOException {
        SessionKey second = new SessionKey(0x0302, 9);
        SessionKey third = new SessionKey(0x0303, 9);
        assertThat(table.hasRoomForCompression()).isTrue();
        table.install(entry(1, second, SUBSCRIBER + 1));
        assertThat(table.hasRoomForCompression()).isFalse();
        table.remove(KEY);
        table.remove(second);
        table.install(entry(1, second, SUBSCRIBER + 1));
        table.install(entry(1, third, SUBSCRIBER + 2));
        table.install(entry(1, KEY, SUBSCRIBER));

        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 300);
        down(packet);
        assertThat(atPeer(6)).startsWith(hex("ff030021"));
        up(deflated(0x21, Samples.udpPacket(SUBSCRIBER, SERVER, 300)));
        assertThat(drops.count(DropReason.DEFLATE_NO_ROOM)).isOne();
        assertThat(punted()).hasSize(1);

        table.remove(second);
        assertThat(table.hasRoomForCompression()).isTrue();
    }

    /** Another node has the histories: what comes compressed cannot be opened, the rest passes. */
    @Test
    void whatStandsByForASilentNodePassesWhatIsInTheClear() throws IOException {
        List<ForwardingEntry> entries = table.installed(3);
        table.forgetShard(3);
        table.standBy(entries);
        assertThat(table.hasRoomForCompression()).isTrue();
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, 300);
        up(deflated(0x21, packet));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.DEFLATE_NO_HISTORY)).isOne();
        assertThat(punted()).isEmpty();
        up(concat(hex("ff030021"), packet));
        assertThat(network).hasSize(1);
        down(Samples.udpPacket(SERVER, SUBSCRIBER, 300));
        assertThat(atPeer(6)).startsWith(hex("ff030021"));
    }

    @Test
    void eachDirectionIsCompressedOnlyIfAgreed() throws IOException {
        table.install(entry(new ForwardingEntry.Deflate(5, false, true, MRU), KEY, SUBSCRIBER));
        down(Samples.udpPacket(SERVER, SUBSCRIBER, 300));
        assertThat(atPeer(6)).startsWith(hex("ff030021"));
        up(deflated(0x21, Samples.udpPacket(SUBSCRIBER, SERVER, 300)));
        assertThat(network).hasSize(1);
        table.install(entry(new ForwardingEntry.Deflate(6, true, false, MRU), KEY, SUBSCRIBER));
        client.reset();
        up(deflated(0x21, Samples.udpPacket(SUBSCRIBER, SERVER, 300)));
        assertThat(drops.count(DropReason.DEFLATE_NO_HISTORY)).isOne();
    }

    @Test
    void hostileFramesNeverThrow() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 20_000; n++) {
            byte[] octets = Samples.randomBytes(random, random.nextInt(80));
            String ppp = List.of("ff0300fd", "fd0000", "00fd0000", "21", "ff03", "80fd0f", "")
                    .get(random.nextInt(7));
            assertThatCode(() -> up(concat(hex(ppp), octets)))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
            if (n % 3 == 0) {
                up(hex("ff0380fd0f010004"));
            }
        }
        assertThat(drops.count(DropReason.INTERNAL_ERROR)).as("seed %d", seed).isZero();
    }
}
