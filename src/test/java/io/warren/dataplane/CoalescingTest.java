package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoalescingTest {
    private static final byte[] NONE = new byte[0];
    private static final int DF = 0x4000;

    private final TunOracle tun = new TunOracle();
    private final MemorySegment memory = Arena.ofAuto().allocate(8_000_000);
    private long free = 5;

    private Coalescing coalescing(int mostFlows) {
        return new Coalescing(tun, true, true, mostFlows);
    }

    private void take(Coalescing coalescing, int session, byte[] packet) {
        take(coalescing, session, packet, 0);
    }

    private void take(Coalescing coalescing, int session, byte[] packet, int padding) {
        MemorySegment.copy(MemorySegment.ofArray(packet), 0, memory, free, packet.length);
        assertThat(coalescing.take(memory, free, packet.length + padding, session))
                .isNull();
        free += packet.length + padding;
    }

    private void flush(Coalescing coalescing) {
        coalescing.flush();
        free = 5;
    }

    /** How many writes are made of packets of session 1. */
    private int writes(byte[]... packets) {
        Coalescing coalescing = coalescing(8);
        for (byte[] packet : packets) {
            take(coalescing, 1, packet);
        }
        tun.writes.clear();
        flush(coalescing);
        assertThat(tun.packets()).hasSameSizeAs(packets);
        return tun.writes.size();
    }

    private static byte[] tcp(int index, int size) {
        byte[] header = IpPackets.tcp(5, -20 + index * 10, 9, IpPackets.ACK, new byte[12]);
        return IpPackets.ipv4(IpPackets.TCP, 1, 0xfffe + index, 0, NONE, Samples.concat(header, new byte[size]));
    }

    private static byte[] udp(int index, int size) {
        byte[] data = Samples.concat(IpPackets.udp(5, size), new byte[size]);
        return IpPackets.ipv4(IpPackets.UDP, 1, index, DF, NONE, data);
    }

    private static byte[] udp6(int size) {
        return IpPackets.ipv6(IpPackets.UDP, 1, 3, NONE, Samples.concat(IpPackets.udp(5, size), new byte[size]));
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        return IpPackets.completed(changed);
    }

    @Test
    void consecutiveSegmentsOfAFlowAreOneWrite() {
        assertThat(writes(tcp(0, 10), tcp(1, 10), tcp(2, 10), tcp(3, 4))).isOne();
        assertThat(tun.packets()).containsExactly(tcp(0, 10), tcp(1, 10), tcp(2, 10), tcp(3, 4));
        assertThat(writes(udp(0, 10), udp(1, 10), udp(2, 3))).isOne();
        assertThat(writes(udp6(10), udp6(10), udp6(3))).isOne();
        assertThat(tun.packets()).containsExactly(udp6(10), udp6(10), udp6(3));
    }

    @Test
    void aShorterOneEndsTheWriteAndALongerOneBeginsAnother() {
        assertThat(writes(tcp(0, 10), tcp(1, 9), tcp(2, 10))).isEqualTo(2);
        assertThat(writes(udp(0, 10), udp(1, 9), udp(2, 9), udp(3, 9))).isEqualTo(2);
        assertThat(writes(udp(0, 10), udp(1, 11))).isEqualTo(2);
    }

    /** Fields that the kernel copies from the first header to all; each differs in the second packet. */
    @Test
    void packetsWhoseHeadersDifferAreNotMerged() {
        byte[] next = tcp(1, 10);
        assertThat(writes(tcp(0, 10), next)).isOne();
        int[] offsets = {1, 6, 8, 23, 27, 31, 34, 35, 39, 45};
        for (int at : offsets) {
            byte[] other = with(next, at, next[at] ^ (at == 6 ? 0x40 : 1));
            assertThat(writes(tcp(0, 10), other)).as("octet %d", at).isEqualTo(2);
        }
        for (int flag : new int[] {1, 2, 4, 0x20, 0x40, 0x80}) {
            byte[] other = with(next, 33, IpPackets.ACK | flag);
            assertThat(writes(tcp(0, 10), other)).as("flag %x", flag).isEqualTo(2);
            byte[] first = with(tcp(0, 10), 33, IpPackets.ACK | flag);
            assertThat(writes(first, with(next, 33, IpPackets.ACK | flag))).isEqualTo(2);
        }
        for (int at : new int[] {1, 3, 7, 23, 39, 41}) {
            byte[] other = udp6(10);
            assertThat(writes(udp6(10), with(other, at, other[at] ^ 1)))
                    .as("octet %d", at)
                    .isEqualTo(2);
        }
    }

    @Test
    void pushEndsTheWriteAndStaysSet() {
        byte[] push = with(tcp(1, 10), 33, IpPackets.ACK | IpPackets.PSH);
        assertThat(writes(tcp(0, 10), push, tcp(2, 10))).isEqualTo(2);
        assertThat(tun.packets()).containsExactly(tcp(0, 10), push, tcp(2, 10));
    }

    /** What the kernel makes again has identifications counted up; with DF they have no meaning (RFC 6864 §4.1). */
    @Test
    void identificationsThatDoNotCountUpAreKept() {
        assertThat(writes(udp(7, 9), udp(8, 9), udp(9, 9))).isOne();
        assertThat(writes(udp(7, 9), udp(7, 9), udp(7, 9))).as("fixed, with DF").isOne();
        assertThat(writes(udp(7, 9), udp(7, 9), udp(8, 9))).isEqualTo(2);
        assertThat(writes(udp(7, 9), udp(8, 9), udp(7, 9))).isEqualTo(2);
        assertThat(writes(with(udp(7, 9), 6, 0), with(udp(7, 9), 6, 0)))
                .as("fixed, without DF")
                .isEqualTo(2);
        assertThat(writes(with(udp(7, 9), 6, 0), with(udp(8, 9), 6, 0))).isOne();
        assertThat(writes(udp(7, 9), udp(9, 9))).isEqualTo(2);
    }

    @Test
    void aWrongChecksumIsPassedAsItIsAndNotMerged() {
        byte[] bad = tcp(1, 10);
        bad[bad.length - 1]++;
        assertThat(writes(tcp(0, 10), bad, tcp(2, 10))).isEqualTo(3);
        assertThat(tun.packets()).containsExactly(tcp(0, 10), bad, tcp(2, 10));
        byte[] badHeader = udp(1, 9);
        badHeader[10]++;
        assertThat(writes(udp(0, 9), badHeader, udp(2, 9))).isEqualTo(3);
        byte[] none = udp(1, 9);
        IpPackets.put16(none, 26, 0);
        assertThat(writes(udp(0, 9), none, udp(2, 9))).isEqualTo(3);
    }

    @Test
    void aFragmentIsNotOvertakenByItsSession() {
        byte[] fragment = IpPackets.ipv4(IpPackets.UDP, 1, 1, 0x2000, NONE, new byte[16]);
        assertThat(writes(udp(0, 9), fragment, udp(1, 9))).isEqualTo(3);
        assertThat(tun.packets()).containsExactly(udp(0, 9), fragment, udp(1, 9));
        Coalescing coalescing = coalescing(8);
        take(coalescing, 1, udp(0, 9));
        take(coalescing, 2, fragment);
        take(coalescing, 1, udp(1, 9));
        tun.writes.clear();
        flush(coalescing);
        assertThat(tun.writes).as("another session's fragment does not matter").hasSize(2);
    }

    @Test
    void sessionsAreNotMixed() {
        Coalescing coalescing = coalescing(8);
        take(coalescing, 1, udp(0, 9));
        take(coalescing, 2, udp(1, 9));
        take(coalescing, 1, udp(1, 9));
        take(coalescing, 2, udp(2, 9));
        flush(coalescing);
        assertThat(tun.writes).hasSize(2);
        assertThat(tun.packets()).containsExactly(udp(0, 9), udp(1, 9), udp(1, 9), udp(2, 9));
    }

    @Test
    void aWriteHasAtMost64DatagramsAnd65535Octets() {
        assertThat(writes(IntStream.range(0, 65).mapToObj(it -> udp(it, 9)).toArray(byte[][]::new)))
                .isEqualTo(2);
        assertThat(writes(IntStream.range(0, 48).mapToObj(it -> udp(it, 1_400)).toArray(byte[][]::new)))
                .isEqualTo(2);
        assertThat(tun.writes.getFirst().packets()).hasSize(46);
    }

    @Test
    void flowsBeyondTheTablePassSingly() {
        Coalescing coalescing = coalescing(2);
        for (int index = 0; index < 3; index++) {
            for (int port = 0; port < 3; port++) {
                take(coalescing, 1, with(udp(index, 9), 21, port));
            }
        }
        flush(coalescing);
        assertThat(tun.writes).hasSize(2 + 3);
    }

    @Test
    void paddingIsLeftOut() {
        Coalescing coalescing = coalescing(8);
        take(coalescing, 1, udp(0, 9), 6);
        take(coalescing, 1, udp(1, 9), 3);
        flush(coalescing);
        assertThat(tun.packets()).containsExactly(udp(0, 9), udp(1, 9));
    }

    @Test
    void whatIsNotIpIsNotTaken() {
        assertThat(coalescing(8).take(memory, 0, 30, 1)).isEqualTo(DropReason.BAD_INNER_PACKET);
    }

    @Test
    void aWriteTellsTheSessionAndHowManyPacketsItIs() {
        Coalescing coalescing = coalescing(8);
        take(coalescing, 1, udp(0, 9));
        take(coalescing, 1, udp(1, 9));
        take(coalescing, 2, tcp(0, 9));
        flush(coalescing);
        assertThat(tun.accounts).containsExactly("1:2", "2:1");
    }

    @Test
    void moreThanFitsIsWrittenEarlier() {
        Coalescing coalescing = coalescing(8);
        for (int index = 0; index <= Coalescing.MOST_PACKETS; index++) {
            take(coalescing, 1, udp(index, 9));
        }
        assertThat(tun.packets()).hasSize(Coalescing.MOST_PACKETS);
        flush(coalescing);
        assertThat(tun.packets()).hasSize(Coalescing.MOST_PACKETS + 1);
    }

    /** A packet taken, its session, and what others it must stay in order with. */
    private record Taken(int session, byte[] packet) {
        boolean flowKnown() {
            boolean plain = IpPackets.isIpv4(packet) ? packet[0] == 0x45 : packet[6] != 0;
            int protocol = IpPackets.protocol(packet);
            return plain && !IpPackets.isFragment(packet) && (protocol == IpPackets.TCP || protocol == IpPackets.UDP);
        }

        String flow() {
            int upper = IpPackets.upper(packet);
            byte[] addresses = Arrays.copyOfRange(packet, IpPackets.isIpv4(packet) ? 12 : 8, upper + 4);
            return IpPackets.protocol(packet) + HexFormat.of().formatHex(addresses);
        }

        boolean staysBehind(Taken earlier) {
            return session == earlier.session
                    && (!flowKnown() || !earlier.flowKnown() || flow().equals(earlier.flow()));
        }
    }

    /** The octets that must not change: with DF, all but the identification and what sums it up. */
    private static byte[] essence(byte[] packet) {
        byte[] essence = packet.clone();
        if (IpPackets.isIpv4(packet) && (packet[6] & 0x40) != 0 && Samples.slowChecksum(packet, 0, 20) == 0) {
            ByteBuffer.wrap(essence).putShort(4, (short) 0).putShort(10, (short) 0);
        }
        return essence;
    }

    @Test
    void whatTheKernelMakesOfItIsWhatCame() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Coalescing coalescing = coalescing(16);
        int packets = 0;
        int writes = 0;
        for (int round = 0; round < 4_000; round++) {
            String where = "seed %d round %d".formatted(seed, round);
            List<Taken> taken = new ArrayList<>();
            List<RandomFlow> flows = new ArrayList<>();
            for (int index = 1 + random.nextInt(6); index > 0; index--) {
                flows.add(new RandomFlow(random, random.nextInt(3)));
            }
            for (int index = random.nextInt(80); index >= 0; index--) {
                RandomFlow flow = flows.get(random.nextInt(flows.size()));
                Taken it = new Taken(flow.session, flow.next());
                taken.add(it);
                take(coalescing, it.session, it.packet, random.nextInt(4));
            }
            tun.writes.clear();
            flush(coalescing);
            check(where, taken);
            packets += taken.size();
            writes += tun.writes.size();
        }
        assertThat(writes).as("seed %d", seed).isLessThan(packets * 3 / 4);
    }

    /** Finds each packet that came among those that left; those of one flow, or perhaps of one, in order. */
    private void check(String where, List<Taken> taken) {
        List<byte[]> left = new ArrayList<>(
                tun.packets().stream().map(CoalescingTest::essence).toList());
        assertThat(left).as(where).hasSameSizeAs(taken);
        int[] position = new int[taken.size()];
        boolean[] used = new boolean[left.size()];
        for (int index = 0; index < position.length; index++) {
            byte[] wanted = essence(taken.get(index).packet);
            position[index] = IntStream.range(0, used.length)
                    .filter(at -> !used[at] && Arrays.equals(left.get(at), wanted))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(where + ": did not leave"));
            used[position[index]] = true;
        }
        for (int later = 0; later < position.length; later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                if (taken.get(later).staysBehind(taken.get(earlier))) {
                    assertThat(position[earlier]).as(where).isLessThan(position[later]);
                }
            }
        }
    }

    @Test
    void hostileOctetsNeverThrow() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Coalescing coalescing = new Coalescing((vectors, from, count, session) -> {}, true, true, 4);
        for (int round = 0; round < 200_000; round++) {
            byte[] octets = new RandomFlow(random, 1).next();
            for (int change = random.nextInt(4); change > 0; change--) {
                octets[random.nextInt(Math.min(octets.length, 60))] = (byte) random.nextInt();
            }
            int length = random.nextInt(octets.length + 1);
            MemorySegment exact = memory.asSlice(free, random.nextBoolean() ? octets.length : length);
            MemorySegment.copy(MemorySegment.ofArray(octets), 0, exact, 0, exact.byteSize());
            free += exact.byteSize();
            assertThatCode(() -> coalescing.take(exact, 0, (int) exact.byteSize(), 1))
                    .as("seed %d round %d", seed, round)
                    .doesNotThrowAnyException();
            if (random.nextInt(60) == 0 || free > 7_000_000) {
                flush(coalescing);
            }
        }
    }
}
