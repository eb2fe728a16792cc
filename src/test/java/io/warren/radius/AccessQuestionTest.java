package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Ipv4;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.CallDetails;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.AvpType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AccessQuestionTest {
    static final PeerPath PATH =
            new PeerPath(new Endpoint(Bytes.ofHex("c0000201"), 1701), new Endpoint(Bytes.ofHex("0a000002"), 1701));
    static final CallDetails CALL = new CallDetails(
            new SessionKey(0x1234, 0xabcd),
            PATH,
            "lac.example",
            "0301234",
            null,
            7,
            100_000_000,
            0,
            new AccessLine(Map.of(
                    AvpType.AGENT_CIRCUIT_ID,
                    Bytes.of("eth 0/1".getBytes(StandardCharsets.US_ASCII)),
                    AvpType.ACTUAL_RATE_UP,
                    Bytes.ofHex("0000000500000000"))),
            Instant.ofEpochSecond(1));
    private static final NasIdentity US = new NasIdentity("lns", Ipv4.parse("192.0.2.1"));

    private static Attributes attributes(Credentials credentials) {
        return Objects.requireNonNull(AccessQuestion.of(new AccessRequest(CALL, credentials), US))
                .attributes()
                .get();
    }

    @Test
    void tellsOfTheCallItsTunnelAndItsLine() {
        Attributes attributes = attributes(new Credentials.Pap("alice", Bytes.EMPTY));
        assertThat(attributes.text(RadiusAttribute.USER_NAME)).isEqualTo("alice");
        assertThat(attributes.integer(RadiusAttribute.SERVICE_TYPE)).isEqualTo(2);
        assertThat(attributes.integer(RadiusAttribute.FRAMED_PROTOCOL)).isEqualTo(1);
        assertThat(attributes.text(RadiusAttribute.NAS_IDENTIFIER)).isEqualTo("lns");
        assertThat(attributes.integer(RadiusAttribute.NAS_IP_ADDRESS)).isEqualTo(0xc0000201);
        assertThat(attributes.integer(RadiusAttribute.NAS_PORT_TYPE)).isEqualTo(5);
        assertThat(attributes.integer(RadiusAttribute.NAS_PORT)).isEqualTo(4660 << 16 | 43981);
        assertThat(attributes.text(RadiusAttribute.NAS_PORT_ID)).isEqualTo("4660-43981");
        assertThat(attributes.text(RadiusAttribute.CALLING_STATION_ID)).isEqualTo("0301234");
        assertThat(attributes.text(RadiusAttribute.CALLED_STATION_ID)).isEqualTo("192.0.2.1");
        assertThat(attributes.text(RadiusAttribute.CONNECT_INFO)).isEqualTo("100000000");
        assertThat(attributes.integer(RadiusAttribute.TUNNEL_TYPE)).isEqualTo(0x01000003);
        assertThat(attributes.integer(RadiusAttribute.TUNNEL_MEDIUM_TYPE)).isEqualTo(0x01000001);
        assertThat(attributes.text(RadiusAttribute.TUNNEL_CLIENT_ENDPOINT)).isEqualTo("\u000110.0.0.2");
        assertThat(attributes.text(RadiusAttribute.TUNNEL_SERVER_ENDPOINT)).isEqualTo("\u0001192.0.2.1");
        assertThat(attributes.text(RadiusAttribute.TUNNEL_CLIENT_AUTH_ID)).isEqualTo("\u0001lac.example");
        assertThat(attributes.text(RadiusAttribute.ACCT_TUNNEL_CONNECTION)).isEqualTo("7");
        assertThat(attributes.text(RadiusAttribute.ACCT_SESSION_ID)).isEqualTo(CALL.accountingId());
        assertThat(attributes.all(RadiusAttribute.VENDOR_SPECIFIC).map(Bytes::toHex))
                .containsExactly("00000de90109657468" + "20302f31", "00000de98106ffffffff");
    }

    @Test
    void theAccountingIdLeadsBackToTheCall() {
        assertThat(CALL.accountingId()).isEqualTo("1234abcd000000000f4240");
        assertThat(CallDetails.keyOf(CALL.accountingId())).isEqualTo(CALL.key());
        assertThat(CallDetails.keyOf("0000abcd000000000f4240")).isNull();
        assertThat(CallDetails.keyOf("something else")).isNull();
        assertThat(CallDetails.keyOf("")).isNull();
    }

    @Test
    void papLeavesThePasswordToTheCodec() {
        RadiusClient.Question question = AccessQuestion.of(
                new AccessRequest(
                        CALL, new Credentials.Pap("alice", Bytes.of("secret".getBytes(StandardCharsets.UTF_8)))),
                US);
        assertThat(question).isNotNull();
        assertThat(question.password()).isEqualTo(Bytes.of("secret".getBytes(StandardCharsets.UTF_8)));
        assertThat(question.attributes().get().has(RadiusAttribute.USER_PASSWORD))
                .isFalse();
        assertThat(question.toString()).doesNotContain("secret");
    }

    @Test
    void chapSaysChallengeAndResponse() {
        Attributes attributes =
                attributes(new Credentials.ChapMd5("alice", 0x81, Bytes.ofHex("0102"), Bytes.ofHex("aabb")));
        assertThat(attributes.first(RadiusAttribute.CHAP_PASSWORD)).isEqualTo(Bytes.ofHex("81aabb"));
        assertThat(attributes.first(RadiusAttribute.CHAP_CHALLENGE)).isEqualTo(Bytes.ofHex("0102"));
    }

    @Test
    void msChapV2PutsIdentifierAndFlagsFirst() {
        String peerChallenge = "0f".repeat(16);
        String rest = "00".repeat(8) + "bb".repeat(24);
        Attributes attributes = attributes(new Credentials.MsChapV2(
                "alice", 9, Bytes.ofHex("cc".repeat(16)), Bytes.ofHex(peerChallenge + rest + "04")));
        assertThat(attributes.first(VendorAttribute.MS_CHAP_CHALLENGE)).isEqualTo(Bytes.ofHex("cc".repeat(16)));
        assertThat(attributes.first(VendorAttribute.MS_CHAP2_RESPONSE))
                .isEqualTo(Bytes.ofHex("09" + "04" + peerChallenge + rest));
    }

    @Test
    void whatRadiusCannotSayIsNotAsked() {
        assertThat(AccessQuestion.of(new AccessRequest(CALL, new Credentials.Pap("a".repeat(254), Bytes.EMPTY)), US))
                .isNull();
        assertThat(AccessQuestion.of(
                        new AccessRequest(CALL, new Credentials.Pap("alice", Bytes.of(new byte[129]))), US))
                .isNull();
        assertThat(AccessQuestion.of(
                        new AccessRequest(CALL, new Credentials.MsChapV2("alice", 1, Bytes.EMPTY, Bytes.EMPTY)), US))
                .isNull();
    }
}
