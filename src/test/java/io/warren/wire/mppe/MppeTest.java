package io.warren.wire.mppe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.mppe.MppeReceiver.Result;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MppeTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 3079 §3.5. */
    private static final byte[] HASH_HASH = HEX.parseHex("41c00c584bd2d91c4017a2a12fa59f3f");

    private static final byte[] NT_RESPONSE = HEX.parseHex("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");
    private static final MasterKeys KEYS = MasterKeys.ofServer(HASH_HASH, NT_RESPONSE);

    private static final int IPV4 = 0x21;
    private static final int IPV6 = 0x57;

    @Test
    void masterKeysAreThoseOfTheRfcsExample() {
        assertThat(KEYS.send().toHex()).isEqualTo("8b7cdc149b993a1ba118cb153f56dccb");
        assertThat(KEYS.mirrored().receive()).isEqualTo(KEYS.send());
        assertThat(KEYS.receive()).isNotEqualTo(KEYS.send());
    }

    @Test
    void firstSessionKeysAreThoseOfTheRfcsExample() {
        assertThat(new KeySequence(KEYS.send(), Strength.BITS_40).session())
                .isEqualTo(HEX.parseHex("d1269ec49fa62e3e"));
        assertThat(new KeySequence(KEYS.send(), Strength.BITS_128).session())
                .isEqualTo(HEX.parseHex("405cb2247a7956e6e211007ae27b22d4"));
    }

    @Test
    void encryptsTheRfcsMessage() {
        assertThat(encrypted(Strength.BITS_40, "test message")).isEqualTo("929137917e5803d668d75898");
        assertThat(encrypted(Strength.BITS_128, "test message")).isEqualTo("81848317df68846272fb5abe");
    }

    private static String encrypted(Strength strength, String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        new KeySequence(KEYS.send(), strength).cipher().apply(MemorySegment.ofArray(octets), 0, octets.length);
        return HEX.formatHex(octets);
    }

    /** RFC 3078 §7.3, by the platform's cipher and digest. */
    @ParameterizedTest
    @EnumSource
    void eachKeyIsMadeOfTheOneBefore(Strength strength) throws Exception {
        KeySequence keys = new KeySequence(KEYS.send(), strength);
        byte[] start = Arrays.copyOf(KEYS.send().toByteArray(), strength.keyLength());
        byte[] expected = keys.session();
        for (int n = 0; n < 100; n++) {
            var sha1 = KeySequence.newSha1();
            sha1.update(start);
            sha1.update(new byte[40]);
            sha1.update(expected);
            sha1.update(KeySequence.PAD_2);
            byte[] interim = Arrays.copyOf(sha1.digest(), strength.keyLength());
            Cipher rc4 = Cipher.getInstance("ARCFOUR");
            rc4.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(interim, "ARCFOUR"));
            expected = rc4.doFinal(interim);
            if (strength == Strength.BITS_40) {
                System.arraycopy(HEX.parseHex("d1269e"), 0, expected, 0, 3);
            }
            keys.advance();
            assertThat(keys.session()).isEqualTo(expected);
        }
    }

    @Test
    void eachPacketIsFlushedEncryptedAndCounted() {
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        for (int n = 0; n < 5_000; n++) {
            byte[] sealed = seal(sender, IPV4, packet(n, 20));
            assertThat((sealed[0] & 0xff) << 8 | sealed[1] & 0xff).isEqualTo(0x9000 | n & 0xfff);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatOneEndSealsTheOtherOpensWhateverIsLost(Strength strength) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MppeSender sender = new MppeSender(KEYS.send(), strength);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), strength);
        for (int n = 0; n < 20_000; n++) {
            byte[] packet = packet(random.nextInt(), 1 + random.nextInt(200));
            byte[] sealed = seal(sender, IPV4, packet);
            if (random.nextInt(4) != 0) {
                assertThat(open(receiver, sealed)).as("seed %d", seed).isEqualTo(Result.OPENED);
                assertThat(Arrays.copyOfRange(sealed, 4, sealed.length)).isEqualTo(packet);
                assertThat(Arrays.copyOfRange(sealed, 2, 4)).isEqualTo(new byte[] {0, IPV4});
            }
        }
    }

    @Test
    void packetsThatAreOvertakenAreLateAndTheRestGoesOn() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), Strength.BITS_128);
        List<byte[]> window = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        int highest = -1;
        for (int n = 0; n < 10_000; n++) {
            window.add(seal(sender, IPV6, packet6(n)));
            order.add(n);
            if (window.size() == 5) {
                int pick = random.nextInt(5);
                int count = order.remove(pick);
                Result result = open(receiver, window.remove(pick));
                assertThat(result).as("seed %d", seed).isEqualTo(count > highest ? Result.OPENED : Result.LATE);
                highest = Math.max(highest, count);
            }
        }
    }

    /** A stall of a tenth of a second does that, and without more the call would be dead. */
    @ParameterizedTest
    @ValueSource(ints = {2_047, 2_048, 3_000, 4_095, 4_096, 5_000, 8_000, 12_000})
    void aStreamIsFoundAgainWhateverWasLost(int lost) {
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), Strength.BITS_128);
        assertThat(open(receiver, seal(sender, IPV4, packet(0, 20)))).isEqualTo(Result.OPENED);
        for (int n = 0; n < lost; n++) {
            seal(sender, IPV4, packet(n, 20));
        }
        int needed = 1;
        while (open(receiver, seal(sender, IPV4, packet(needed, 20))) != Result.OPENED) {
            assertThat(++needed).as("packets until one is opened").isLessThan(100);
        }
        assertThat(open(receiver, seal(sender, IPV4, packet(needed, 20)))).isEqualTo(Result.OPENED);
    }

    @Test
    void aDoubledPacketIsLate() {
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), Strength.BITS_128);
        byte[] sealed = seal(sender, IPV4, packet(1, 20));
        assertThat(open(receiver, sealed.clone())).isEqualTo(Result.OPENED);
        assertThat(open(receiver, sealed)).isEqualTo(Result.LATE);
    }

    @Test
    void theLargestGapIsHalfOfTheCounts() {
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), Strength.BITS_128);
        byte[] sealed = seal(sender, IPV4, packet(0, 20));
        for (int n = 0; n < 2_048; n++) {
            sealed = seal(sender, IPV4, packet(n, 20));
            if (n == 2_046) {
                assertThat(receiver.gap(MemorySegment.ofArray(sealed), 0, sealed.length))
                        .isEqualTo(2_047);
            }
        }
        assertThat(receiver.gap(MemorySegment.ofArray(sealed), 0, sealed.length))
                .isNegative();
        assertThat(open(receiver, sealed)).isEqualTo(Result.LATE);
    }

    /** Whoever can send us packets must not be able to move the keys on. */
    @Test
    void whatMakesNoSenseMovesNothing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), Strength.BITS_128);
        int opened = 0;
        for (int n = 0; n < 200; n++) {
            for (int m = 0; m < 3; m++) {
                byte[] garbage = new byte[random.nextInt(40)];
                random.nextBytes(garbage);
                if (garbage.length > 1 && m == 0) {
                    garbage[0] = (byte) (0x90 | garbage[0] & 0xf);
                }
                opened += open(receiver, garbage) == Result.OPENED ? 1 : 0;
            }
            if (opened == 0) {
                assertThat(open(receiver, seal(sender, IPV4, packet(n, 30))))
                        .as("seed %d", seed)
                        .isEqualTo(Result.OPENED);
            }
        }
        // One in 2,000 looks like a packet by chance.
        assertThat(opened).as("seed %d", seed).isLessThan(4);
    }

    @Test
    void nothingIsOpenedThatIsNotStateless() {
        MppeSender sender = new MppeSender(KEYS.send(), Strength.BITS_128);
        MppeReceiver receiver = new MppeReceiver(KEYS.mirrored().receive(), Strength.BITS_128);
        byte[] sealed = seal(sender, IPV4, packet(0, 20));
        for (int bits : new int[] {0x00, 0x10, 0x80, 0xb0, 0xd0}) {
            byte[] other = sealed.clone();
            other[0] = (byte) bits;
            assertThat(open(receiver, other)).isEqualTo(Result.BAD_HEADER);
        }
        for (int length = 0; length < 5; length++) {
            assertThat(open(receiver, Arrays.copyOf(sealed, length))).isEqualTo(Result.BAD_HEADER);
        }
        assertThat(open(receiver, sealed)).isEqualTo(Result.OPENED);
    }

    @Test
    void keysAreNotPrinted() {
        assertThat(KEYS.toString()).isEqualTo("MasterKeys[hidden]");
    }

    private static Result open(MppeReceiver receiver, byte[] sealed) {
        return receiver.open(MemorySegment.ofArray(sealed), 0, sealed.length);
    }

    private static byte[] seal(MppeSender sender, int protocol, byte[] packet) {
        byte[] sealed = new byte[MppeSender.GROWTH + packet.length];
        System.arraycopy(packet, 0, sealed, MppeSender.GROWTH, packet.length);
        sender.seal(protocol, MemorySegment.ofArray(sealed), MppeSender.GROWTH, packet.length);
        return sealed;
    }

    private static byte[] packet(int seed, int length) {
        byte[] packet = new byte[length];
        new Random(seed).nextBytes(packet);
        packet[0] = 0x45;
        return packet;
    }

    private static byte[] packet6(int seed) {
        byte[] packet = packet(seed, 48);
        packet[0] = 0x60;
        return packet;
    }

    @Test
    void keysOfAnyOtherLengthAreNone() {
        assertThatThrownBy(() -> new MasterKeys(Bytes.ofHex("aa"), Bytes.ofHex("bb")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
