package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.Packets.H;
import static io.warren.wire.l2tp.Packets.M;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage.*;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hiding as RFC 2661 §4.3 describes it; the expected ciphers are computed here, from its formula. */
class HiddenAvpTest {
    private static final TunnelSecret SECRET = TunnelSecret.of("s3cret");
    private static final String SECRET_HEX = "733363726574";
    private static final String VECTOR = "f0e1d2c3b4a5968778695a4b3c2d1e0f";
    private static final String OTHER_VECTOR = "01";

    @Test
    void aShortValueIsOneChunk() throws NoSuchAlgorithmException {
        // b1 = MD5(AV + S + RV), c1 = p1 xor b1; p1 is the length and the value
        String expected = xor("0002" + "5ac1", md5("000e" + SECRET_HEX + VECTOR));
        Bytes body = L2tpCodec.encodeBody(new Icrp(0x5ac1, List.of()), new Hiding(SECRET, Bytes.ofHex(VECTOR)));
        assertThat(body.toHex()).isEqualTo("800800000000000b" + "801600000024" + VECTOR + "c00a0000000e" + expected);
    }

    @Test
    void aLongValueIsChained() throws NoSuchAlgorithmException {
        String value = "c0ffee00c0ffee11c0ffee22c0ffee33";
        // p1 = length and 14 octets, p2 = the last two; b2 = MD5(S + c1)
        String c1 = xor("0010" + value.substring(0, 28), md5("000d" + SECRET_HEX + VECTOR));
        String c2 = xor(value.substring(28), md5(SECRET_HEX + c1));
        Bytes body =
                L2tpCodec.encodeBody(new Scccn(Bytes.ofHex(value), List.of()), new Hiding(SECRET, Bytes.ofHex(VECTOR)));
        assertThat(body.toHex()).isEqualTo("8008000000000003" + "801600000024" + VECTOR + "c0180000000d" + c1 + c2);
    }

    @Test
    void whatMayNotBeHiddenIsNot() throws WireException {
        Sccrq sccrq =
                new Sccrq(0x0100, "host", 3, 7, 0L, 4, Bytes.ofHex("aabb"), null, 1, "vendor", null, null, List.of());
        String hex = L2tpCodec.encodeBody(sccrq, new Hiding(SECRET, Bytes.ofHex(VECTOR)))
                .toHex();
        assertThat(hex)
                .contains("800800000002" + "0100", "800a00000007" + "686f7374", "80080000000a" + "0004")
                .doesNotContain("aabb")
                .contains("c00a00000009", "c00a0000000b");
    }

    @Test
    void nothingToHideNeedsNoRandomVector() {
        Hiding hiding = new Hiding(SECRET, Bytes.ofHex(VECTOR));
        assertThat(L2tpCodec.encodeBody(new Hello(), hiding)).isEqualTo(L2tpCodec.encodeBody(new Hello(), null));
    }

    @Test
    void eachRandomVectorHoldsUntilTheNext() throws NoSuchAlgorithmException, WireException {
        ControlBody body = Packets.of(MessageType.ICRQ)
                .avp(M, AvpType.RANDOM_VECTOR, VECTOR)
                .avp(M | H, AvpType.ASSIGNED_SESSION_ID, xor("0002" + "5ac1", md5("000e" + SECRET_HEX + VECTOR)))
                .avp(M, AvpType.RANDOM_VECTOR, OTHER_VECTOR)
                .avp(
                        M | H,
                        AvpType.CALL_SERIAL_NUMBER,
                        xor("0004" + "00000009", md5("000f" + SECRET_HEX + OTHER_VECTOR)))
                .decode(SECRET);
        assertThat(body).isEqualTo(new Icrq(0x5ac1, 9, null, null, null, null, null, AccessLine.NONE, List.of()));
    }

    @Test
    void pitfall15_paddingIsNoPartOfTheValue() throws NoSuchAlgorithmException, WireException {
        ControlBody body = hiddenIcrp("0002" + "5ac1" + "deadbeefdead").decode(SECRET);
        assertThat(body).isEqualTo(new Icrp(0x5ac1, List.of()));
    }

    @Test
    void pitfall15_theOriginalLengthIsCipherOutputAndBounded() throws NoSuchAlgorithmException, WireException {
        for (String text : List.of("0003" + "5ac1", "ffff" + "5ac1", "0002", "00", "")) {
            assertThat(hiddenIcrp(text).decode(SECRET)).as(text).isInstanceOf(BadMessage.class);
        }
    }

    @Test
    void pitfall15_aRandomVectorOfAnotherMessageDoesNotCount() throws NoSuchAlgorithmException, WireException {
        assertThat(hiddenIcrp("0002" + "5ac1").decode(SECRET)).isInstanceOf(Icrp.class);
        ControlBody without = Packets.of(MessageType.ICRP)
                .avp(M | H, AvpType.ASSIGNED_SESSION_ID, xor("0002" + "5ac1", md5("000e" + SECRET_HEX + VECTOR)))
                .decode(SECRET);
        assertThat(without)
                .isEqualTo(new BadMessage(MessageType.ICRP, 0, 6, "cannot reveal hidden AVP Assigned Session ID"));
    }

    @Test
    void withoutASecretOrWithAWrongOneTheMessageIsBad() throws WireException {
        byte[] golden = GoldenPacket.ICRQ_HIDDEN.octets();
        assertThat(L2tpCodec.decode(golden, null).body()).isInstanceOf(BadMessage.class);
        assertThat(L2tpCodec.decode(golden, TunnelSecret.of("S3cret")).body()).isInstanceOf(BadMessage.class);
    }

    @Test
    void aRandomVectorMayNotBeHidden() throws NoSuchAlgorithmException, WireException {
        ControlBody body = Packets.of(MessageType.ICRP)
                .avp(M, AvpType.RANDOM_VECTOR, VECTOR)
                .avp(M | H, AvpType.RANDOM_VECTOR, xor("0001" + "01", md5("0024" + SECRET_HEX + VECTOR)))
                .avp(AvpType.ASSIGNED_SESSION_ID)
                .decode(SECRET);
        assertThat(body).isEqualTo(new BadMessage(MessageType.ICRP, 1, 6, "cannot reveal hidden AVP Random Vector"));
    }

    @Test
    void anUnknownHiddenAvpIsRevealedToo() throws NoSuchAlgorithmException, WireException {
        String cipher = xor("0002" + "abcd", md5("0133" + SECRET_HEX + VECTOR));
        Packets packet = Packets.of(MessageType.HELLO)
                .avp(M, AvpType.RANDOM_VECTOR, VECTOR)
                .avp(H, 9, 0x0133, Bytes.ofHex(cipher));
        assertThat(packet.decode(SECRET)).isEqualTo(new Hello(List.of(new Avp(false, 9, 0x0133, Bytes.ofHex("abcd")))));
        assertThat(packet.decode(null)).isEqualTo(new Hello());
    }

    @Test
    void aValueThatDoesNotFitIsTheCallersMistake() {
        Bytes longest = Bytes.of(new byte[AvpType.LONGEST_VALUE]);
        Scccn tooLongToHide = new Scccn(longest, List.of());
        L2tpCodec.encodeBody(tooLongToHide, null);
        assertThatThrownBy(() -> L2tpCodec.encodeBody(tooLongToHide, new Hiding(SECRET, Bytes.ofHex(VECTOR))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Packets hiddenIcrp(String text) throws NoSuchAlgorithmException {
        return Packets.of(MessageType.ICRP)
                .avp(M, AvpType.RANDOM_VECTOR, VECTOR)
                .avp(M | H, AvpType.ASSIGNED_SESSION_ID, xor(text, md5("000e" + SECRET_HEX + VECTOR)));
    }

    private static byte[] md5(String hex) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("MD5").digest(Bytes.ofHex(hex).toByteArray());
    }

    /** Of at most 16 octets. */
    private static String xor(String hex, byte[] key) {
        byte[] octets = Bytes.ofHex(hex).toByteArray();
        for (int i = 0; i < octets.length; i++) {
            octets[i] ^= key[i];
        }
        return Bytes.of(octets).toHex();
    }
}
