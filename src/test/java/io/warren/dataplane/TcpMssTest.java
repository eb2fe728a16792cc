package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TcpMssTest {
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    /** A TCP segment in an IPv4 packet, both checksums right. */
    private static byte[] packet(int flags, byte[] options, byte[] data) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + options.length + data.length);
        tcp.putShort((short) 40_000).putShort((short) 80).putInt(1_000).putInt(0);
        tcp.put((byte) (((20 + options.length) / 4) << 4)).put((byte) flags).putShort((short) 65_535);
        tcp.putInt(0).put(options).put(data);
        byte[] ip = Samples.ipv4(6, address("10.64.0.9"), address("192.0.2.1"), 0x4000, tcp.array());
        ByteBuffer.wrap(ip).putShort(36, (short) Samples.tcpChecksum(ip));
        assertThat(Samples.tcpChecksum(ip)).isZero();
        return ip;
    }

    private static byte[] clamp(byte[] packet, int largest, boolean expectChange) {
        MemorySegment memory = Samples.segment(packet, 5);
        assertThat(TcpMss.clamp(memory, 5, packet.length, largest)).isEqualTo(expectChange);
        byte[] result = Octets.copy(memory, 5, packet.length);
        if (!expectChange) {
            assertThat(result).isEqualTo(packet);
        }
        return result;
    }

    @Test
    void lowersTheMssOfASynAndKeepsTheChecksumRight() {
        byte[] result = clamp(packet(SYN, hex("020405b4"), new byte[0]), 1_360, true);
        assertThat(Arrays.copyOfRange(result, 40, 44)).isEqualTo(hex("02040550"));
        assertThat(Samples.tcpChecksum(result)).isZero();
    }

    @Test
    void lowersTheMssOfASynAckWithOtherOptionsBefore() {
        byte[] result = clamp(packet(SYN | ACK, hex("0402 0101 020405b4"), new byte[0]), 1_000, true);
        assertThat(Arrays.copyOfRange(result, 44, 48)).isEqualTo(hex("020403e8"));
        assertThat(Samples.tcpChecksum(result)).isZero();
    }

    @Test
    void anOptionAtAnOddOffsetKeepsTheChecksumRight() {
        byte[] result = clamp(packet(SYN, hex("01 020405b4 010100"), new byte[0]), 1_360, true);
        assertThat(Arrays.copyOfRange(result, 41, 45)).isEqualTo(hex("02040550"));
        assertThat(Samples.tcpChecksum(result)).isZero();
    }

    @Test
    void leavesAloneWhatNeedsNoClamping() {
        clamp(packet(SYN, hex("02040550"), new byte[0]), 1_360, false);
        clamp(packet(SYN, hex("01010402"), new byte[0]), 1_360, false);
        clamp(packet(ACK, hex("020405b4"), new byte[0]), 1_360, false);
        clamp(packet(SYN, hex("00 020405b4 010101"), new byte[0]), 1_360, false);
    }

    @Test
    void leavesAloneWhatCannotBeParsed() {
        clamp(packet(SYN, hex("03000000 020405b4"), new byte[0]), 100, false);
        clamp(packet(SYN, hex("03ff0000 020405b4"), new byte[0]), 100, false);
        clamp(packet(SYN, hex("020305b4"), new byte[0]), 100, false);
        clamp(packet(SYN, hex("01010102"), new byte[0]), 100, false);
        byte[] dataOffsetBeyondPacket = packet(SYN, hex("020405b4"), new byte[0]);
        dataOffsetBeyondPacket[32] = (byte) 0xf0;
        clamp(dataOffsetBeyondPacket, 100, false);
    }

    @Test
    void aLaterFragmentHasNoTcpHeader() {
        byte[] fragment = packet(SYN, hex("020405b4"), new byte[0]);
        fragment[7] = 1;
        clamp(fragment, 100, false);
    }

    @Test
    void neverTouchesAnotherOctetAndNeverLeavesThePacket() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] options = Samples.randomBytes(random, 4 * random.nextInt(11));
            for (int index = 0; index < options.length; index++) {
                options[index] &= (byte) (random.nextBoolean() ? 0x07 : 0xff);
            }
            byte[] packet = packet(SYN, options, Samples.randomBytes(random, random.nextInt(5)));
            byte[] before = packet.clone();
            boolean changed = TcpMss.clamp(MemorySegment.ofArray(packet), 0, packet.length, 536);
            int mss = slowMssOffset(before);
            String context = "seed " + seed + " round " + round;
            boolean due = mss > 0 && (ByteBuffer.wrap(before).getShort(mss) & 0xffff) > 536;
            assertThat(changed).as(context).isEqualTo(due);
            if (due) {
                assertThat(ByteBuffer.wrap(packet).getShort(mss)).as(context).isEqualTo((short) 536);
                assertThat(Samples.tcpChecksum(packet)).as(context).isZero();
                System.arraycopy(before, mss, packet, mss, 2);
                System.arraycopy(before, 36, packet, 36, 2);
            }
            assertThat(packet).as(context).isEqualTo(before);
        }
    }

    /** Where the value of the first well-formed MSS option is; written apart from the class under test. */
    private static int slowMssOffset(byte[] packet) {
        int end = 20 + ((packet[32] & 0xff) >> 4) * 4;
        for (int index = 40; index < end; ) {
            int kind = packet[index];
            if (kind == 1) {
                index++;
            } else if (kind == 0 || index + 1 >= end) {
                return -1;
            } else {
                int size = packet[index + 1] & 0xff;
                if (size < 2 || index + size > end) {
                    return -1;
                }
                if (kind == 2 && size == 4) {
                    return index + 2;
                }
                index += size;
            }
        }
        return -1;
    }
}
