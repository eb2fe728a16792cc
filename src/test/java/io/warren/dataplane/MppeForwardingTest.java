package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.management.ThreadMXBean;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ingress.FrameArrived;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.MppeReceiver;
import io.warren.wire.mppe.MppeSender;
import io.warren.wire.mppe.Strength;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls whose packets are encrypted, in {@link Uplink} and {@link Downlink}, which are fed by hand. */
class MppeForwardingTest extends HandFedForwarding {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int SERVER = address("192.0.2.1");
    private static final String HOST6 = "2001:db8:0:7::1234";
    private static final String SERVER6 = "2001:db8:ffff::1";

    /** Shard 3. */
    private static final SessionKey KEY = new SessionKey(0x0301, 9);

    private static final MasterKeys KEYS =
            new MasterKeys(Bytes.ofHex("00112233445566778899aabbccddeeff"), Bytes.ofHex("0f".repeat(16)));

    private final MppeSender client = new MppeSender(KEYS.receive(), Strength.BITS_128);
    private final MppeReceiver atClient = new MppeReceiver(KEYS.send(), Strength.BITS_128);

    MppeForwardingTest() {
        super(DataPlaneSettings.Forwarding.DEFAULT, () -> 0, 64, null);
    }

    @BeforeEach
    void installACall() {
        table.install(entry(1, KEYS, false, false));
    }

    private ForwardingEntry entry(long id, @Nullable MasterKeys keys, boolean compressed, boolean sequence) {
        return new ForwardingEntry(
                KEY,
                path(),
                0x1234,
                0x5678,
                SUBSCRIBER,
                1_400,
                compressed,
                compressed,
                sequence,
                false,
                TrafficLimits.NONE,
                new ForwardingEntry.Ipv6(List.of(Ipv6Samples.LINK)),
                new ForwardingEntry.Mppe(Strength.BITS_128, id, keys),
                List.of());
    }

    /** As the client sends it, without the L2TP header. */
    private byte[] sealed(String ppp, int protocol, byte[] packet) {
        byte[] sealed = concat(new byte[MppeSender.GROWTH], packet);
        client.seal(protocol, MemorySegment.ofArray(sealed), MppeSender.GROWTH, packet.length);
        return concat(hex(ppp), sealed);
    }

    private void up(byte[] frame) {
        arrive(Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, frame), 0);
    }

    /** The frame that the peer gets, with its L2TP header of {@code skip} octets cut off. */
    private byte[] atPeer(int skip) throws IOException {
        byte[] datagram = atPeer();
        return Arrays.copyOfRange(datagram, skip, datagram.length);
    }

    private byte[] opened(byte[] frame, String ppp) {
        int skip = ppp.length() / 2;
        assertThat(frame).startsWith(hex(ppp));
        MemorySegment memory = MemorySegment.ofArray(frame);
        assertThat(atClient.open(memory, skip, frame.length - skip)).isEqualTo(MppeReceiver.Result.OPENED);
        return Arrays.copyOfRange(frame, skip + MppeReceiver.HEADER, frame.length);
    }

    @Test
    void bothFamiliesReachTheNetworkInEveryForm() {
        byte[] four = Samples.udpPacket(SUBSCRIBER, SERVER, 100);
        byte[] six = Ipv6Samples.udp(HOST6, SERVER6, 100);
        for (String ppp : List.of("ff0300fd", "ff03fd", "00fd", "fd")) {
            network.clear();
            up(sealed(ppp, 0x21, four));
            up(sealed(ppp, 0x57, six));
            assertThat(network).as(ppp).hasSize(2);
            assertThat(network.getFirst()).isEqualTo(four);
            assertThat(network.getLast()).isEqualTo(six);
        }
        assertThat(table.counters(KEY).upPackets()).isEqualTo(8);
    }

    @Test
    void bothFamiliesReachThePeerWithEveryHeader() throws IOException {
        byte[] four = Samples.udpPacket(SERVER, SUBSCRIBER, 100);
        byte[] six = Ipv6Samples.udp(SERVER6, HOST6, 100);
        for (int form = 0; form < 4; form++) {
            boolean compressed = (form & 1) != 0;
            boolean sequence = (form & 2) != 0;
            table.install(entry(1, KEYS, compressed, sequence));
            String ppp = compressed ? "fd" : "ff0300fd";
            down(four);
            assertThat(opened(atPeer(sequence ? 10 : 6), ppp)).isEqualTo(concat(hex("0021"), four));
            down(six);
            assertThat(opened(atPeer(sequence ? 10 : 6), ppp)).isEqualTo(concat(hex("0057"), six));
        }
        assertThat(table.counters(KEY).downPackets()).isEqualTo(8);
        assertThat(table.counters(KEY).downOctets()).isEqualTo(4L * (four.length + six.length));
    }

    @Test
    void packetsInTheClearAreDroppedAndCounted() {
        up(concat(hex("ff030021"), Samples.udpPacket(SUBSCRIBER, SERVER, 100)));
        up(concat(hex("57"), Ipv6Samples.udp(HOST6, SERVER6, 100)));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.NOT_ENCRYPTED)).isEqualTo(2);
        assertThat(table.counters(KEY).drops()).isEqualTo(2);
    }

    @Test
    void controlFramesPassInTheClear() {
        up(hex("ff03c0210901000800000000"));
        List<FrameArrived> frames = new ArrayList<>();
        punts.drainFrames(frames);
        assertThat(frames).hasSize(1);
        assertThat(frames.getFirst().frame().toHex()).isEqualTo("ff03c0210901000800000000");
    }

    @Test
    void aForeignSourceInsideIsDropped() {
        up(sealed("fd", 0x21, Samples.udpPacket(SERVER, SERVER, 100)));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.WRONG_INNER_SOURCE)).isOne();
    }

    /** What many packets are made of is cut first, and each piece is encrypted. */
    @Test
    void aLargePacketOfTheDeviceIsCutBeforeItIsEncrypted() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] payload = Samples.randomBytes(random, 10_000);
        byte[] tcp = IpPackets.tcp(0x0050_1234, 1, 2, 0x10, new byte[0]);
        byte[] large = IpPackets.ipv4(IpPackets.TCP, 1, 77, 0, new byte[0], concat(tcp, payload));
        MemorySegment.ofArray(large)
                .asSlice(16, 4)
                .copyFrom(MemorySegment.ofArray(
                        ByteBuffer.allocate(4).putInt(SUBSCRIBER).array()));
        byte[] undone = large.clone();
        IpPackets.put16(undone, IpPackets.checksumAt(undone), IpPackets.pseudoSum(undone));
        byte[] read = concat(IpPackets.virtio(1, 1, 40, 1_000, 20, 16), undone);
        MemorySegment memory = Samples.segment(read, Encapsulate.HEADROOM - VirtioHeader.LENGTH);

        assertThat(downlink.sendOffloaded(memory, Encapsulate.HEADROOM - VirtioHeader.LENGTH, read.length, 0))
                .isEqualTo(10);
        downlink.flush();

        byte[] whole = new byte[0];
        for (int n = 0; n < 10; n++) {
            byte[] packet = opened(atPeer(6), "ff0300fd");
            byte[] ip = Arrays.copyOfRange(packet, 2, packet.length);
            assertThat(IpPackets.sound(ip)).isTrue();
            whole = concat(whole, Arrays.copyOfRange(ip, 40, ip.length));
        }
        assertThat(whole).isEqualTo(payload);
    }

    @Test
    void whatEncryptionAddsHasRoomInThePeersMru() throws IOException {
        down(Samples.udpPacket(SERVER, SUBSCRIBER, 1_396 - 20));
        assertThat(opened(atPeer(6), "ff0300fd")).hasSize(1_398);
        down(Samples.udpPacket(SERVER, SUBSCRIBER, 1_397 - 20));
        assertThat(opened(atPeer(6), "ff0300fd").length + opened(atPeer(6), "ff0300fd").length)
                .as("two fragments")
                .isEqualTo(1_397 + 20 + 2 * 2);
    }

    @Test
    void keysGoOnWhenAnEntryIsReplacedAndBeginAnewWithANewSession() throws IOException {
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 20);
        down(packet);
        assertThat(opened(atPeer(6), "ff0300fd")).endsWith(packet);
        table.limit(KEY, new TrafficLimits(1_000_000, 0, 1_000_000, 0, 0));
        down(packet);
        byte[] second = atPeer(6);
        assertThat(second[5]).as("count").isOne();
        assertThat(opened(second, "ff0300fd")).endsWith(packet);
        table.install(entry(2, KEYS, false, false));
        down(packet);
        assertThat(atPeer(6)[5]).as("count").isZero();
    }

    /** Another node gets no keys, and what stands by for one that is silent lets nothing pass in the clear. */
    @Test
    void otherNodesGetNoKeysAndForwardNothing() {
        List<ForwardingEntry> watched = new ArrayList<>();
        table.watch(new ClusterPlane.EntryWatcher() {
            @Override
            public void installed(ForwardingEntry entry) {
                watched.add(entry);
            }

            @Override
            public void removed(SessionKey key) {}
        });
        table.install(entry(3, KEYS, false, false));
        watched.addAll(table.installed(3));
        assertThat(watched)
                .hasSize(2)
                .allMatch(entry -> entry.mppe() != null && entry.mppe().keys() == null);
        table.forgetShard(3);
        table.standBy(watched);
        down(Samples.udpPacket(SERVER, SUBSCRIBER, 20));
        up(sealed("fd", 0x21, Samples.udpPacket(SUBSCRIBER, SERVER, 20)));
        up(concat(hex("21"), Samples.udpPacket(SUBSCRIBER, SERVER, 20)));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.MPPE_NO_KEYS)).isEqualTo(2);
        assertThat(drops.count(DropReason.NOT_ENCRYPTED)).isOne();
    }

    @Test
    void gapsAreBoundedInNumber() {
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, 20);
        for (int n = 0; n < 20; n++) {
            for (int lost = 0; lost < 2_000; lost++) {
                sealed("fd", 0x21, packet);
            }
            up(sealed("fd", 0x21, packet));
        }
        assertThat(network).hasSize(10);
        assertThat(drops.count(DropReason.MPPE_GAP)).isPositive();
    }

    @Test
    void framesOfTheControlPlaneAreEncryptedIfTheyAreIp() {
        byte[] six = Ipv6Samples.udp(SERVER6, HOST6, 60);
        Bytes frame = table.encrypted(KEY, Bytes.of(concat(hex("ff030057"), six)));
        assertThat(frame).isNotNull();
        assertThat(opened(frame.toByteArray(), "ff0300fd")).isEqualTo(concat(hex("0057"), six));
        Bytes lcp = Bytes.ofHex("ff03c0210901000800000000");
        assertThat(table.encrypted(KEY, lcp)).isEqualTo(lcp);
        assertThat(table.encrypted(new SessionKey(1, 1), frame)).isEqualTo(frame);
    }

    @Test
    void hostileFramesNeverThrowAndNothingGetsThrough() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 50_000; n++) {
            byte[] octets = Samples.randomBytes(random, random.nextInt(80));
            String ppp = List.of("ff0300fd", "fd", "00fd").get(random.nextInt(3));
            assertThatCode(() -> up(concat(hex(ppp), octets)))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
        assertThat(network).as("seed %d", seed).isEmpty();
    }

    @Test
    void nothingIsAllocatedForAnEncryptedPacket() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, 500);
        MemorySegment memory = Samples.segment(packet, Encapsulate.HEADROOM);
        SkippedKeys skipped = new SkippedKeys(0);
        MppePath path = MppePath.of(new ForwardingEntry.Mppe(Strength.BITS_128, 1, KEYS), 1, null, skipped, 0);
        MppePath back =
                MppePath.of(new ForwardingEntry.Mppe(Strength.BITS_128, 1, KEYS.mirrored()), 2, null, skipped, 0);
        long spent = 0;
        for (int n = 0; n < 20_000; n++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            path.seal(0x21, memory, Encapsulate.HEADROOM, packet.length);
            DropReason refused = back.open(memory, Encapsulate.HEADROOM - 4, packet.length + 4, 0);
            if (n >= 10_000) {
                spent += threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(refused).isNull();
        }
        assertThat(spent / 10_000).as("octets a packet, both ways").isLessThan(2);
    }
}
