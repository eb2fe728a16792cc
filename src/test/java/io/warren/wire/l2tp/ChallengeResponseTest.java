package io.warren.wire.l2tp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;

class ChallengeResponseTest {
    private static final Bytes CHALLENGE = Bytes.ofHex("00112233445566778899aabbccddeeff");

    @Test
    void pitfall16_theIdIsTheTypeOfTheMessageThatCarriesTheResponse() throws NoSuchAlgorithmException {
        byte[] inSccrp = Bytes.ofHex("02" + "733363726574" + CHALLENGE.toHex()).toByteArray();
        byte[] inScccn = Bytes.ofHex("03" + "733363726574" + CHALLENGE.toHex()).toByteArray();
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        assertThat(ChallengeResponse.compute(MessageType.SCCRP, GoldenPacket.SECRET, CHALLENGE))
                .isEqualTo(Bytes.of(md5.digest(inSccrp)));
        assertThat(ChallengeResponse.compute(MessageType.SCCCN, GoldenPacket.SECRET, CHALLENGE))
                .isEqualTo(Bytes.of(md5.digest(inScccn)));
    }

    @Test
    void matchesOnlyTheSameOctets() {
        Bytes expected = ChallengeResponse.compute(MessageType.SCCRP, GoldenPacket.SECRET, CHALLENGE);
        assertThat(ChallengeResponse.matches(expected, Bytes.ofHex(expected.toHex())))
                .isTrue();
        assertThat(ChallengeResponse.matches(expected, Bytes.EMPTY)).isFalse();
        byte[] other = expected.toByteArray();
        other[15] ^= 1;
        assertThat(ChallengeResponse.matches(expected, Bytes.of(other))).isFalse();
    }
}
