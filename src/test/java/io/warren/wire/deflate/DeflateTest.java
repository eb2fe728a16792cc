package io.warren.wire.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.deflate.DeflateReceiver.Result;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Packets of RFC 1979: both directions, what is lost between them, and what nobody should have sent. */
class DeflateTest {
    private static final int IPV4 = 0x21;
    private static final int MRU = 1_500;
    private final DeflateSender sender = new DeflateSender();
    private final DeflateReceiver receiver = new DeflateReceiver(MRU);

    @AfterEach
    void end() {
        sender.end();
        receiver.end();
    }

    /** @param data what was sent: compressed, or as it is */
    private record Sent(boolean compressed, byte[] data) {}

    private Sent send(int protocol, byte[] packet) {
        byte[] octets = packet.clone();
        int length = sender.compress(protocol, MemorySegment.ofArray(octets), 0, octets.length);
        return length == 0 ? new Sent(false, packet) : new Sent(true, Arrays.copyOf(octets, length));
    }

    private Result receive(Sent sent, int protocol) {
        if (sent.compressed) {
            return open(sent.data);
        }
        receiver.passed(protocol, MemorySegment.ofArray(sent.data), 0, sent.data.length);
        return Result.OPENED;
    }

    private Result open(byte[] data) {
        return receiver.open(MemorySegment.ofArray(data), 0, data.length);
    }

    private byte[] opened() {
        return Arrays.copyOf(receiver.frame(), receiver.length());
    }

    private static byte[] text(int number) {
        return ("GET /page/" + number + " HTTP/1.1\r\nHost: www.example.net\r\nAccept: text/html, text/plain\r\n"
                        + "Accept-Language: en, en-GB, de\r\nAccept-Encoding: none, none, none\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] noise(long seed, int length) {
        byte[] octets = new byte[length];
        new SplittableRandom(seed).nextBytes(octets);
        return octets;
    }

    private static byte[] framed(int protocol, byte[] packet) {
        byte[] frame = new byte[packet.length + 1];
        frame[0] = (byte) protocol;
        System.arraycopy(packet, 0, frame, 1, packet.length);
        return frame;
    }

    @Test
    void packetsComeOutAsTheyWere() {
        for (int n = 0; n < 70_000; n += n < 10 ? 1 : 7) {
            Sent sent = send(IPV4, text(n));
            assertThat(sent.compressed).as("%d", n).isTrue();
            assertThat(receive(sent, IPV4)).as("%d", n).isEqualTo(Result.OPENED);
            assertThat(opened()).isEqualTo(framed(IPV4, text(n)));
        }
    }

    /** RFC 1979 §2: what is alike in two packets is sent once. */
    @Test
    void theHistoryLastsOverPackets() {
        assertThat(send(IPV4, text(1)).data.length).isGreaterThan(50);
        assertThat(send(IPV4, text(2)).data.length).isLessThan(25);
    }

    @Test
    void numbersGoUpAndBeginAtZeroAgainAfterTheLast() {
        for (int n = 0; n < 65_540; n++) {
            byte[] data = send(IPV4, text(1)).data;
            assertThat((data[0] & 0xff) << 8 | (data[1] & 0xff)).isEqualTo(n & 0xffff);
            assertThat(open(data)).isEqualTo(Result.OPENED);
        }
    }

    /** RFC 1979 §2: the empty stored block ends each packet, without its length and complement. */
    @Test
    void theTailOfTheFlushIsNotSent() {
        byte[] data = send(IPV4, text(1)).data;
        Deflater reference = new Deflater(Deflater.BEST_SPEED, true);
        reference.setInput(framed(IPV4, text(1)));
        byte[] flushed = new byte[500];
        int length = reference.deflate(flushed, 0, flushed.length, Deflater.SYNC_FLUSH);
        reference.end();
        assertThat(Arrays.copyOfRange(flushed, length - 4, length)).containsExactly(0, 0, 0xff, 0xff);
        assertThat(Arrays.copyOfRange(data, 2, data.length)).isEqualTo(Arrays.copyOf(flushed, length - 4));
    }

    /** What is sent as it is has a number, and what follows may refer to it. */
    @Test
    void packetsThatCannotBecomeSmallerAreInBothHistories() {
        byte[] noise = noise(1, 1_400);
        assertThat(receive(send(IPV4, text(1)), IPV4)).isEqualTo(Result.OPENED);
        Sent asItIs = send(IPV4, noise);
        assertThat(asItIs.compressed).isFalse();
        receive(asItIs, IPV4);
        Sent again = send(IPV4, noise);
        assertThat(again.compressed).isTrue();
        assertThat(again.data.length).isLessThan(50);
        assertThat(receive(again, IPV4)).isEqualTo(Result.OPENED);
        assertThat(opened()).isEqualTo(framed(IPV4, noise));
    }

    @Test
    void longStreamsOfBothKindsStayInStep() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 3_000; n++) {
            int protocol = random.nextBoolean() ? IPV4 : 0x57;
            byte[] packet = random.nextBoolean()
                    ? noise(random.nextInt(200), 40 + random.nextInt(1_460))
                    : text(random.nextInt(1_000));
            Sent sent = send(protocol, packet);
            assertThat(receive(sent, protocol)).as("seed %d", seed).isEqualTo(Result.OPENED);
            if (sent.compressed) {
                assertThat(opened()).as("seed %d", seed).isEqualTo(framed(protocol, packet));
            }
        }
    }

    /** RFC 1979 §2: protocols above 0x3FFF are not compressed, nor is what is compressed already. */
    @Test
    void otherProtocolsHaveNoNumbers() {
        for (int protocol : new int[] {0x80fd, 0xc021, 0x4021, 0xfd, 0xfb}) {
            assertThat(send(protocol, text(1)).compressed).isFalse();
            receiver.passed(protocol, MemorySegment.ofArray(text(1)), 0, 20);
        }
        assertThat(receive(send(IPV4, text(1)), IPV4)).isEqualTo(Result.OPENED);
    }

    @Test
    void aProtocolOfTwoOctetsKeepsBoth() {
        assertThat(receive(send(0x0281, text(1)), 0x0281)).isEqualTo(Result.OPENED);
        assertThat(Arrays.copyOf(opened(), 2)).containsExactly(2, 0x81);
        byte[] noise = noise(3, 800);
        receive(send(0x0281, noise), 0x0281);
        assertThat(receive(send(0x0281, noise), 0x0281)).isEqualTo(Result.OPENED);
    }

    @Test
    void afterAGapNothingIsOpenedBeforeBothBeginAnew() {
        receive(send(IPV4, text(1)), IPV4);
        send(IPV4, text(2));
        assertThat(receive(send(IPV4, text(3)), IPV4)).isEqualTo(Result.GAP);
        assertThat(receive(send(IPV4, text(4)), IPV4)).isEqualTo(Result.LOST);
        receive(new Sent(false, noise(1, 100)), IPV4);
        sender.reset();
        receiver.reset();
        assertThat(receive(send(IPV4, text(5)), IPV4)).isEqualTo(Result.OPENED);
        assertThat(opened()).isEqualTo(framed(IPV4, text(5)));
    }

    @Test
    void aPacketThatCameAsItIsAndGotLostIsAGapToo() {
        receive(send(IPV4, text(1)), IPV4);
        assertThat(send(IPV4, noise(1, 500)).compressed).isFalse();
        assertThat(receive(send(IPV4, text(2)), IPV4)).isEqualTo(Result.GAP);
    }

    @Test
    void aDoubledPacketIsAGap() {
        Sent sent = send(IPV4, text(1));
        receive(sent, IPV4);
        assertThat(receive(sent, IPV4)).isEqualTo(Result.GAP);
    }

    @Test
    void whatWouldBecomeLargerThanTheMruIsNotOpened() {
        assertThat(receive(send(IPV4, new byte[MRU]), IPV4)).isEqualTo(Result.OPENED);
        assertThat(receiver.length()).isEqualTo(MRU + 1);
        assertThat(receive(send(IPV4, new byte[MRU + 2]), IPV4)).isEqualTo(Result.TOO_LARGE);
        assertThat(receive(send(IPV4, text(1)), IPV4)).isEqualTo(Result.LOST);
        receiver.reset();
        sender.reset();
        byte[] bomb = send(IPV4, new byte[1_000_000]).data;
        assertThat(bomb.length).isLessThan(6_000);
        assertThat(open(bomb)).isEqualTo(Result.TOO_LARGE);
    }

    @Test
    void aStreamThatEndsIsNoPacket() {
        Deflater finite = new Deflater(9, true);
        finite.setInput(framed(IPV4, text(1)));
        finite.finish();
        byte[] data = new byte[300];
        int length = finite.deflate(data, 2, 298);
        finite.end();
        assertThat(open(Arrays.copyOf(data, length + 2))).isEqualTo(Result.BAD_DATA);
    }

    /** A peer may use any window up to the largest, and another strategy than ours. */
    @Test
    void everyLevelAndStrategyOfThePeersIsUnderstood() {
        for (int level = 0; level <= 9; level++) {
            for (int strategy : new int[] {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY}) {
                Deflater peer = new Deflater(level, true);
                peer.setStrategy(strategy);
                receiver.reset();
                List<String> wrong = new ArrayList<>();
                for (int n = 0; n < 50; n++) {
                    byte[] packet = n % 3 == 0 ? noise(n, 900) : text(n);
                    peer.setInput(framed(IPV4, packet));
                    byte[] data = new byte[2_000];
                    data[1] = (byte) n;
                    int length = 0;
                    int more;
                    do {
                        more = peer.deflate(data, 2 + length, data.length - 2 - length, Deflater.SYNC_FLUSH);
                        length += more;
                    } while (more > 0 || length == 0);
                    if (open(Arrays.copyOf(data, 2 + length - 4)) != Result.OPENED
                            || !Arrays.equals(opened(), framed(IPV4, packet))) {
                        wrong.add(level + "/" + strategy + "/" + n);
                    }
                }
                peer.end();
                assertThat(wrong).isEmpty();
            }
        }
    }

    @Test
    void hostileOctetsNeverThrow() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 100_000; n++) {
            byte[] data;
            if (random.nextBoolean()) {
                data = noise(random.nextLong(), random.nextInt(60));
                if (data.length > 1) {
                    data[0] = 0;
                    data[1] = 0;
                }
            } else {
                sender.reset();
                data = send(IPV4, text(n)).data;
                data[2 + random.nextInt(data.length - 2)] ^= (byte) (1 << random.nextInt(8));
            }
            receiver.reset();
            Result result = open(data);
            assertThat(result == Result.OPENED || receiver.isLost())
                    .as("seed %d", seed)
                    .isTrue();
            receiver.passed(IPV4, MemorySegment.ofArray(data), 0, data.length);
        }
    }
}
