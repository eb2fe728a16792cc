package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The request is the example of RFC 2865 §7.1: user nemo, password arctangent, secret xyzzy5461. */
class RadiusResponderTest {
    private static final byte[] NEMO = HexFormat.of()
            .parseHex("010000380f403f9473978057bd83d5cb98f4227a"
                    + "01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003");

    private RadiusResponder responder;
    private RadiusResponder stranger;

    @BeforeEach
    void start() throws Exception {
        responder = RadiusResponder.start(0, "xyzzy5461", "arctangent");
        stranger = RadiusResponder.start(0, "xyzzy5461", "sinus");
    }

    @AfterEach
    void stop() throws Exception {
        responder.close();
        stranger.close();
    }

    @Test
    void acceptsThePassword() throws Exception {
        byte[] answer = responder.answer(NEMO);
        assertThat(answer).isNotNull().startsWith(2, 0, 0, 32).endsWith(6, 6, 0, 0, 0, 2, 7, 6, 0, 0, 0, 1);
        java.security.MessageDigest md5 = java.security.MessageDigest.getInstance("MD5");
        md5.update(answer, 0, 4);
        md5.update(NEMO, 4, 16);
        md5.update(answer, 20, 12);
        byte[] expected = md5.digest("xyzzy5461".getBytes(StandardCharsets.US_ASCII));
        assertThat(java.util.Arrays.copyOfRange(answer, 4, 20)).isEqualTo(expected);
    }

    @Test
    void rejectsAnother() {
        assertThat(stranger.answer(NEMO)).isNotNull().startsWith(3, 0, 0, 20).hasSize(20);
    }

    @Test
    void isSilentAboutWhatIsNoRequest() {
        assertThat(responder.answer(new byte[19])).isNull();
        assertThat(responder.answer(new byte[40])).isNull();
        for (int length = 20; length < NEMO.length; length++) {
            // Cut short it may be rejected, but does no harm.
            responder.answer(java.util.Arrays.copyOf(NEMO, length));
        }
    }
}
