package io.warren.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The example of RFC 2759 §9.2, and the other two methods. */
class MsChapV2Test {
    private static final Bytes AUTHENTICATOR_CHALLENGE = Bytes.ofHex("5b5d7c7d7b3f2f3e3c2c602132262628");
    private static final Bytes PEER_CHALLENGE = Bytes.ofHex("21402324255e262a28295f2b3a337c7e");
    private static final byte[] PASSWORD = "clientPass".getBytes(StandardCharsets.UTF_8);
    private static final String NT_RESPONSE = "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df";
    private static final String PROOF = "S=407A5589115FD0D6209F510FE9C04566932CDA56";

    @Test
    void rfc2759Section92() {
        byte[] challenge =
                MsChapV2.challengeHash(PEER_CHALLENGE.toByteArray(), AUTHENTICATOR_CHALLENGE.toByteArray(), "User");
        assertThat(hex(challenge)).isEqualTo("d02e4386bce91226");
        byte[] hash = MsChapV2.md4("clientPass".getBytes(StandardCharsets.UTF_16LE));
        assertThat(hex(hash)).isEqualTo("44ebba8d5312b8d611474411f56989ae");
        assertThat(hex(MsChapV2.md4(hash))).isEqualTo("41c00c584bd2d91c4017a2a12fa59f3f");
        byte[] response = MsChapV2.challengeResponse(challenge, hash);
        assertThat(hex(response)).isEqualTo(NT_RESPONSE);
        assertThat(MsChapV2.authenticatorResponse(hash, response, challenge)).isEqualTo(PROOF);
    }

    @Test
    void responseIsVerifiedAndAnsweredWithTheProof() {
        MsChapV2.Answer answer = MsChapV2.respond(AUTHENTICATOR_CHALLENGE, PEER_CHALLENGE, "User", PASSWORD);
        assertThat(answer.response().toHex())
                .isEqualTo(PEER_CHALLENGE.toHex() + "0000000000000000" + NT_RESPONSE + "00");
        assertThat(answer.authenticatorResponse()).isEqualTo(PROOF);
        assertThat(MsChapV2.verify(credentials("User", answer.response()), PASSWORD))
                .isEqualTo(PROOF);
        assertThat(MsChapV2.verify(credentials("User", answer.response()), "clientPass"))
                .isEqualTo(PROOF);
    }

    @Test
    void wrongPasswordUserOrLengthIsRefused() {
        Bytes response = MsChapV2.respond(AUTHENTICATOR_CHALLENGE, PEER_CHALLENGE, "User", PASSWORD)
                .response();
        assertThat(MsChapV2.verify(credentials("User", response), "clientpass")).isNull();
        assertThat(MsChapV2.verify(credentials("Other", response), "clientPass"))
                .isNull();
        assertThat(MsChapV2.verify(credentials("User", Bytes.EMPTY), "clientPass"))
                .isNull();
    }

    @Test
    void aWindowsDomainIsNotPartOfTheHash() {
        Bytes response = MsChapV2.respond(AUTHENTICATOR_CHALLENGE, PEER_CHALLENGE, "User", PASSWORD)
                .response();
        assertThat(MsChapV2.verify(credentials("OFFICE\\User", response), PASSWORD))
                .isEqualTo(PROOF);
    }

    @Test
    void chapMd5AndPap() {
        // MD5 of 07, "secret", 01020304, by md5sum.
        Bytes response = Bytes.ofHex(MD5_VECTOR);
        Bytes challenge = Bytes.ofHex("01020304");
        byte[] secret = "secret".getBytes(StandardCharsets.UTF_8);
        assertThat(ChapMd5.matches(new Credentials.ChapMd5("User", 7, challenge, response), secret))
                .isTrue();
        assertThat(ChapMd5.matches(new Credentials.ChapMd5("User", 8, challenge, response), secret))
                .isFalse();
        assertThat(ChapMd5.matches(new Credentials.ChapMd5("User", 7, challenge, Bytes.EMPTY), secret))
                .isFalse();
        assertThat(Pap.matches(new Credentials.Pap("User", Bytes.of(secret)), secret))
                .isTrue();
        assertThat(Pap.matches(new Credentials.Pap("User", Bytes.of((byte) 's')), secret))
                .isFalse();
    }

    private static final String MD5_VECTOR = "7e701d826207fc8a56b695a4c89be246";

    private static Credentials.MsChapV2 credentials(String user, Bytes response) {
        return new Credentials.MsChapV2(user, 1, AUTHENTICATOR_CHALLENGE, response);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
