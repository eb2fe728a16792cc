package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SegmentationTest {
    private static final int HEADROOM = 3;
    private static final int NEEDS_CSUM = 1;
    private static final int ECN = 0x80;

    private final Segmentation segmentation = new Segmentation();
    private final MemorySegment target = Arena.ofAuto().allocate(70_000);

    private boolean open(byte[]... parts) {
        byte[] read = Samples.concat(parts);
        return segmentation.open(Samples.segment(read, HEADROOM), HEADROOM, read.length);
    }

    private byte[] written(int index) {
        assertThat(segmentation.write(index, target, 17)).isEqualTo(segmentation.segmentLength(index));
        return Octets.copy(target, 17, segmentation.segmentLength(index));
    }

    /** The virtio header that Linux puts before a packet to be cut into pieces of {@code gsoSize}. */
    private static byte[] gso(byte[] packet, int gsoSize) {
        boolean tcp = IpPackets.protocol(packet) == IpPackets.TCP;
        int upper = IpPackets.upper(packet);
        boolean ecn = tcp && (packet[upper + 13] & IpPackets.CWR) != 0;
        int type = !tcp ? 5 : (IpPackets.isIpv4(packet) ? 1 : 4) | (ecn ? ECN : 0);
        return IpPackets.virtio(NEEDS_CSUM, type, packet.length, gsoSize, upper, tcp ? 16 : 6);
    }

    /** Leaves in the checksum field what the kernel leaves there. */
    private static byte[] undone(byte[] packet) {
        byte[] undone = packet.clone();
        IpPackets.put16(undone, IpPackets.checksumAt(undone), IpPackets.pseudoSum(undone));
        return undone;
    }

    private static byte[] randomPacket(SplittableRandom random, int mostPayload) {
        byte[] payload = Samples.randomBytes(random, 1 + random.nextInt(mostPayload));
        boolean tcp = random.nextBoolean();
        int flags = random.nextInt(256) & ~(IpPackets.SYN | IpPackets.RST);
        byte[] header = tcp
                ? IpPackets.tcp(
                        random.nextInt(), random.nextInt(), random.nextInt(), flags, IpPackets.options(random, 40))
                : IpPackets.udp(random.nextInt(), payload.length);
        byte[] data = Samples.concat(header, payload);
        int protocol = tcp ? IpPackets.TCP : IpPackets.UDP;
        int addresses = random.nextInt(256);
        if (random.nextBoolean()) {
            return IpPackets.ipv4(
                    protocol,
                    addresses,
                    random.nextInt(),
                    random.nextBoolean() ? 0x4000 : 0,
                    IpPackets.options(random, 40),
                    data);
        }
        byte[] extensions = random.nextInt(3) > 0 ? new byte[0] : IpPackets.extensions(protocol);
        return IpPackets.ipv6(protocol, addresses, random.nextInt(1 << 20), extensions, data);
    }

    @Test
    void cutsAsTheOracleDoes() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] packet = randomPacket(random, random.nextInt(20) == 0 ? 65_000 : 6_000);
            int payload = packet.length - IpPackets.headers(packet);
            int gsoSize = Math.max(1, random.nextInt(payload + 200) / (1 + random.nextInt(40)));
            String where = "seed %d round %d".formatted(seed, round);
            byte[] large = undone(packet);
            assertThat(open(gso(large, gsoSize), large)).as(where).isTrue();
            assertThat(segmentation.segments()).as(where).isEqualTo((payload + gsoSize - 1) / gsoSize);
            for (int index = 0; index < segmentation.segments(); index++) {
                byte[] written = written(index);
                assertThat(written).as(where).isEqualTo(IpPackets.segment(packet, index, gsoSize));
                assertThat(IpPackets.sound(written)).as(where).isTrue();
                assertThat(written.length).isLessThanOrEqualTo(segmentation.segmentLength(0));
            }
        }
    }

    @Test
    void completesTheChecksumOfAPacketThatIsOne() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] packet = randomPacket(random, 2_000);
            String where = "seed %d round %d".formatted(seed, round);
            int start = IpPackets.upper(packet);
            byte[] virtio = IpPackets.virtio(NEEDS_CSUM, 0, 0, 0, start, IpPackets.checksumAt(packet) - start);
            assertThat(open(virtio, undone(packet))).as(where).isTrue();
            assertThat(segmentation.segments()).isOne();
            assertThat(written(0)).as(where).isEqualTo(packet);
        }
    }

    @Test
    void completesInPlaceWithoutACopy() {
        byte[] packet = IpPackets.ipv4(17, 1, 2, 0, new byte[0], Samples.concat(IpPackets.udp(7, 3), new byte[3]));
        byte[] read = Samples.concat(IpPackets.virtio(NEEDS_CSUM, 0, 0, 0, 20, 6), undone(packet));
        MemorySegment memory = MemorySegment.ofArray(read);
        assertThat(segmentation.open(memory, 0, read.length)).isTrue();
        segmentation.completeInPlace();
        assertThat(Octets.copy(memory, segmentation.packet(), segmentation.segmentLength(0)))
                .isEqualTo(packet);
    }

    @Test
    void aPlainPacketStaysAsItIs() {
        byte[] packet = Samples.randomBytes(new SplittableRandom(1), 99);
        assertThat(open(new byte[10], packet)).isTrue();
        assertThat(segmentation.segments()).isOne();
        assertThat(segmentation.packet()).isEqualTo(HEADROOM + 10);
        assertThat(segmentation.segmentLength(0)).isEqualTo(99);
        segmentation.completeInPlace();
        assertThat(written(0)).isEqualTo(packet);
    }

    /** RFC 768: a computed zero is sent as all ones, since zero says that there is no checksum. */
    @Test
    void aUdpChecksumOfZeroIsSentAsAllOnes() {
        byte[] data = Samples.concat(IpPackets.udp(0x1000_2000, 8), new byte[8]);
        byte[] whole = IpPackets.ipv4(17, 1, 1, 0, new byte[0], data);
        byte[] first = IpPackets.segment(whole, 0, 4);
        IpPackets.put16(whole, 28, IpPackets.u16(first, 26));
        assertThat(open(gso(whole, 4), undone(whole))).isTrue();
        assertThat(IpPackets.u16(written(0), 26)).isEqualTo(0xffff);
        byte[] single = IpPackets.segment(whole, 0, 4);
        assertThat(open(IpPackets.virtio(NEEDS_CSUM, 0, 0, 0, 20, 6), undone(single)))
                .isTrue();
        assertThat(IpPackets.u16(written(0), 26)).isEqualTo(0xffff);
    }

    /** RFC 3168 §6.1.2: CWR is set in the first new data packet only. */
    @Test
    void onlyTheFirstSegmentSaysThatTheWindowWasReduced() {
        int flags = IpPackets.ACK | IpPackets.PSH | IpPackets.CWR | IpPackets.ECE;
        byte[] data = Samples.concat(IpPackets.tcp(1, -5, 3, flags, new byte[0]), new byte[30]);
        byte[] packet = IpPackets.ipv4(6, 1, 0xffff, 0, new byte[0], data);
        assertThat(open(gso(packet, 10), undone(packet))).isTrue();
        assertThat(written(0)[33]).isEqualTo((byte) (IpPackets.ACK | IpPackets.CWR | IpPackets.ECE));
        assertThat(written(1)[33]).isEqualTo((byte) (IpPackets.ACK | IpPackets.ECE));
        assertThat(written(2)[33]).isEqualTo((byte) (IpPackets.ACK | IpPackets.PSH | IpPackets.ECE));
        assertThat(IpPackets.u16(written(1), 4)).as("identification wraps").isZero();
        assertThat(IpPackets.i32(written(1), 24)).as("sequence number wraps").isEqualTo(5);
    }

    @Test
    void refusesWhatContradictsItself() {
        byte[] data = Samples.concat(IpPackets.tcp(1, 2, 3, IpPackets.ACK, new byte[0]), new byte[100]);
        byte[] tcp = IpPackets.ipv4(6, 1, 1, 0, new byte[0], data);
        assertThat(open(gso(tcp, 10), tcp)).isTrue();
        refuses("no NEEDS_CSUM", IpPackets.virtio(0, 1, 40, 10, 20, 16), tcp, it -> it);
        refuses("UFO", IpPackets.virtio(1, 3, 40, 10, 20, 16), tcp, it -> it);
        refuses("the other version", IpPackets.virtio(1, 4, 40, 10, 20, 16), tcp, it -> it);
        refuses("UDP", IpPackets.virtio(1, 5, 40, 10, 20, 6), tcp, it -> it);
        refuses("size 0", IpPackets.virtio(1, 1, 40, 0, 20, 16), tcp, it -> it);
        refuses("wrong start", IpPackets.virtio(1, 1, 40, 10, 24, 16), tcp, it -> it);
        refuses("start behind the end", IpPackets.virtio(1, 1, 40, 10, 60_000, 16), tcp, it -> it);
        refuses("offset behind the end", IpPackets.virtio(1, 0, 40, 10, 20, 119), tcp, it -> it);
        refuses("start within the IP header", IpPackets.virtio(1, 0, 40, 10, 18, 6), tcp, it -> it);
        refuses("wrong offset", IpPackets.virtio(1, 1, 40, 10, 20, 6), tcp, it -> it);
        refuses("a SYN", gso(tcp, 10), tcp, it -> with(it, 33, IpPackets.SYN));
        refuses("a fragment", gso(tcp, 10), tcp, it -> with(it, 6, 0x20));
        refuses("header longer than the packet", gso(tcp, 10), with(tcp, 3, 80), it -> with(it, 32, 0xf0));
        refuses("shorter than it says", gso(tcp, 10), tcp, it -> with(it, 3, 121));
        byte[] udp = IpPackets.ipv4(17, 1, 1, 0, new byte[0], Samples.concat(IpPackets.udp(1, 90), new byte[90]));
        assertThat(open(gso(udp, 10), udp)).isTrue();
        refuses("wrong UDP length", gso(udp, 10), udp, it -> with(it, 25, 97));
        byte[] six = IpPackets.ipv6(17, 1, 1, IpPackets.extensions(17), Samples.concat(IpPackets.udp(1, 90), data));
        assertThat(open(gso(six, 10), six)).isTrue();
        refuses("start within an extension header", IpPackets.virtio(1, 5, 72, 10, 56, 6), six, it -> it);
        refuses("an unfinished source route", gso(six, 10), six, it -> with(with(it, 40, 43), 51, 1));
        assertThat(segmentation.segments()).isZero();
    }

    private void refuses(String what, byte[] virtio, byte[] packet, Function<byte[], byte[]> change) {
        assertThat(open(virtio, change.apply(packet))).as(what).isFalse();
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        return changed;
    }

    /** Memory that ends where the packet ends, so that a read out of bounds would throw. */
    @Test
    void hostileOctetsNeverThrow() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 100_000; round++) {
            byte[] packet = randomPacket(random, 300);
            byte[] read = Samples.concat(gso(packet, 1 + random.nextInt(100)), undone(packet));
            for (int change = random.nextInt(4); change > 0; change--) {
                read[random.nextInt(random.nextBoolean() ? 12 : Math.min(read.length, 80))] = (byte) random.nextInt();
            }
            int length = random.nextInt(3) > 0 ? read.length : random.nextInt(read.length + 1);
            MemorySegment memory = MemorySegment.ofArray(read).asSlice(0, length);
            assertThatCode(() -> {
                        if (segmentation.open(memory, 0, length)) {
                            for (int index = 0; index < segmentation.segments(); index++) {
                                segmentation.write(index, target, 0);
                            }
                            segmentation.completeInPlace();
                        }
                    })
                    .as("seed %d round %d", seed, round)
                    .doesNotThrowAnyException();
        }
    }
}
