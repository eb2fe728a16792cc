package io.warren.wire.l2tp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage.*;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "SCCRQ | SCCRQ tunnel 0 session 0 Ns 0 Nr 0, host \"lac1\", assigned tunnel id 7486, version 1.0,"
                        + " framing 0x3, bearer 0x0, window 4, firmware 0x690, vendor \"xelerance.com\","
                        + " challenge 16 octets",
                "STOP_CCN | StopCCN tunnel 11015 session 0 Ns 4 Nr 3, result 2, error code 4,"
                        + " message \"no resources\", assigned tunnel id 7486",
                "ICRP | ICRP tunnel 7486 session 23233 Ns 1 Nr 3, assigned session id 66",
                "ZLB | ZLB tunnel 7486 session 0 Ns 3 Nr 6",
                "CDN | CDN tunnel 7486 session 23233 Ns 2 Nr 4, result 3, error code 0, message \"bye\","
                        + " assigned session id 66, Q.931 cause 16, PPP disconnect code 3, message \"LCP\"",
            })
    void oneLineOfTheRfcsWords(GoldenPacket golden, String expected) throws WireException {
        assertThat(PacketText.describe(L2tpCodec.decode(golden.octets(), null))).isEqualTo(expected);
    }

    @Test
    void namesAvpsWithoutComponent() throws WireException {
        ControlPacket packet = L2tpCodec.decode(GoldenPacket.ICRQ_ACCESS_LINE.octets(), null);
        assertThat(PacketText.describe(packet))
                .endsWith(", access line AVPs 3, AVP Connect Speed Update Enable 0 octets");
    }

    @Test
    void bodiesThatAreNoMessages() {
        ControlPacket bad = new ControlPacket(1, 2, 3, 4, new BadMessage(MessageType.ICRQ, 5, 8, "why"));
        assertThat(PacketText.describe(bad))
                .isEqualTo("ICRQ tunnel 1 session 2 Ns 3 Nr 4, bad, error code 8, assigned id 5, reason \"why\"");
        ControlPacket unknown = new ControlPacket(1, 2, 3, 4, new UnknownMessage(17, true));
        assertThat(PacketText.describe(unknown))
                .isEqualTo("message type 17 tunnel 1 session 2 Ns 3 Nr 4, unknown, mandatory");
    }

    @Test
    void showsNoSecret() throws WireException {
        String iccn = PacketText.describe(L2tpCodec.decode(GoldenPacket.ICCN.octets(), null));
        assertThat(iccn)
                .contains("proxy authen type 2, proxy authen name \"alice@isp\"")
                .doesNotContain("c0ffee");
        ProxyAuthentication pap = new ProxyAuthentication(3, "bob", null, 1, Bytes.ofHex("70617373776f7264"));
        Iccn withPassword = new Iccn(1, 1, null, null, null, pap, null, null, false, AccessLine.NONE, List.of());
        assertThat(PacketText.describe(new ControlPacket(1, 1, 1, 1, withPassword)))
                .doesNotContain("password", "70617373");
        assertThat(withPassword.toString()).doesNotContain("password", "70617373");
    }

    @Test
    void aPeerCannotForgeALineNorFillTheLog() {
        Sccrq sccrq = new Sccrq(
                0x0100,
                "a\nb\r\u001b[2J\u202e\"" + "x".repeat(500),
                3,
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
        String line = PacketText.describe(new ControlPacket(0, 0, 0, 0, sccrq));
        assertThat(line).contains("host \"a.b..[2J..xxx").contains("x...\"").hasSizeLessThan(200);
    }
}
