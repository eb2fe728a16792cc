package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.AccessRequest;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.MppeKeys;
import io.warren.control.port.SubscriberAuthority.Rates;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.SubscriberTerms;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessReplyTest {
    private static final Credentials PAP = new Credentials.Pap("alice", Bytes.EMPTY);
    private static final Credentials MSCHAP = new Credentials.MsChapV2("alice", 1, Bytes.EMPTY, Bytes.of(new byte[49]));
    private static final String PREFIX = "20010db800010000";

    private static Verdict verdict(Credentials credentials, int code, Attributes attributes) {
        return AccessReply.verdict(
                new AccessRequest(AccessQuestionTest.CALL, credentials),
                new RadiusClient.Answer.Replied("one", new RadiusPacket(code, 1, attributes), hidden -> hidden));
    }

    private static Verdict.Accepted accepted(Attributes.Builder attributes) {
        return (Verdict.Accepted) verdict(PAP, RadiusCode.ACCESS_ACCEPT, attributes.build());
    }

    private static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void anAcceptThatSaysNothingLeavesAllToUs() {
        assertThat(accepted(Attributes.builder()))
                .isEqualTo(new Verdict.Accepted(
                        "alice", 0, null, false, List.of(), null, null, SubscriberProfile.NONE, null));
    }

    /** RFC 2865 §5.42. */
    @Test
    void portLimitSaysHowManyCallsAUserMayHave() {
        assertThat(accepted(Attributes.builder()).calls()).isZero();
        assertThat(accepted(Attributes.builder().integer(RadiusAttribute.PORT_LIMIT, 2))
                        .calls())
                .isEqualTo(2);
        assertThat(accepted(Attributes.builder().integer(RadiusAttribute.PORT_LIMIT, 0))
                        .calls())
                .as("who may have none is not accepted")
                .isZero();
        assertThat(accepted(Attributes.builder().integer(RadiusAttribute.PORT_LIMIT, 0xffff_fffe))
                        .calls())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void asManyClassesAreKeptAsAnAccountingRequestHasRoomFor() {
        Attributes.Builder many = Attributes.builder();
        for (int i = 0; i < 15; i++) {
            many.octets(RadiusAttribute.CLASS, Bytes.of(new byte[253]));
        }
        assertThat(accepted(many).profile().classes()).hasSize(8);
    }

    @Test
    void anAcceptMaySayMuch() {
        Verdict.Accepted accepted = accepted(Attributes.builder()
                .text(RadiusAttribute.USER_NAME, "alice@isp")
                .integer(RadiusAttribute.FRAMED_IP_ADDRESS, 0x0a000007)
                .text(RadiusAttribute.FRAMED_POOL, "gold")
                .octets(RadiusAttribute.CLASS, Bytes.ofHex("01"))
                .octets(RadiusAttribute.CLASS, Bytes.ofHex("02"))
                .integer(RadiusAttribute.SESSION_TIMEOUT, 3600)
                .integer(RadiusAttribute.IDLE_TIMEOUT, 600)
                .integer(RadiusAttribute.ACCT_INTERIM_INTERVAL, 10)
                .text(RadiusAttribute.FILTER_ID, "garden")
                .text(RadiusAttribute.FILTER_ID, "2000/1000")
                .vendor(VendorAttribute.MS_PRIMARY_DNS_SERVER, Bytes.ofHex("01010101"))
                .vendor(VendorAttribute.MS_SECONDARY_DNS_SERVER, Bytes.ofHex("08080808"))
                .octets(RadiusAttribute.FRAMED_INTERFACE_ID, Bytes.ofHex("0000000000000005"))
                .octets(RadiusAttribute.FRAMED_IPV6_PREFIX, Bytes.ofHex("0040" + PREFIX))
                .octets(RadiusAttribute.DELEGATED_IPV6_PREFIX, Bytes.ofHex("0030" + "20010db80002"))
                .octets(RadiusAttribute.FRAMED_IPV6_ADDRESS, Bytes.ofHex(PREFIX + "0000000000000002"))
                .octets(RadiusAttribute.DNS_SERVER_IPV6_ADDRESS, Bytes.ofHex(PREFIX + "0000000000000053"))
                .text(RadiusAttribute.FRAMED_IPV6_POOL, "six")
                .text(RadiusAttribute.DELEGATED_IPV6_PREFIX_POOL, "pd")
                .text(RadiusAttribute.STATEFUL_IPV6_ADDRESS_POOL, "na"));
        assertThat(accepted.user()).isEqualTo("alice@isp");
        assertThat(accepted.address()).isEqualTo(0x0a000007);
        assertThat(accepted.pool()).isEqualTo("gold");
        assertThat(accepted.dns()).containsExactly(0x01010101, 0x08080808);
        assertThat(accepted.rates()).isEqualTo(new Rates(1_000_000, 2_000_000));
        assertThat(accepted.profile())
                .isEqualTo(new SubscriberProfile(
                        3600,
                        600,
                        60,
                        List.of(Bytes.ofHex("01"), Bytes.ofHex("02")),
                        List.of("garden"),
                        new SubscriberIpv6(
                                List.of(new Ipv6Prefix(0x20010db800010000L, 0, 64)),
                                List.of(new Ipv6Prefix(0x20010db800020000L, 0, 48)),
                                5L,
                                new Ipv6Prefix(0x20010db800010000L, 2, 128),
                                "six",
                                "pd",
                                "na",
                                List.of(Bytes.ofHex(PREFIX + "0000000000000053")),
                                List.of())));
    }

    @Test
    void anAcceptMaySayWhatASubscriberHasOfHisOwn() {
        Verdict.Accepted accepted = accepted(Attributes.builder()
                .integer(RadiusAttribute.FRAMED_IP_ADDRESS, 0x0a400007)
                .integer(RadiusAttribute.FRAMED_IP_NETMASK, 0xfffffff8L)
                .text(RadiusAttribute.FRAMED_ROUTE, "10.9.0.0/24 10.64.0.7 1")
                .text(RadiusAttribute.FRAMED_IPV6_ROUTE, "2001:db8:9::/48 :: 1")
                .integer(RadiusAttribute.FRAMED_MTU, 1400)
                .vendor(VendorAttribute.WISPR_SESSION_TERMINATE_TIME, text("2026-12-24T18:00:00+01:00")));
        SubscriberTerms terms = accepted.profile().ownTerms();
        assertThat(terms.routes().ipv4()).extracting(Object::toString).containsExactly("10.64.0.0/29", "10.9.0.0/24");
        assertThat(terms.routes().ipv6()).extracting(Object::toString).containsExactly("2001:db8:9:0:0:0:0:0/48");
        assertThat(terms.mtu()).isEqualTo(1400);
        assertThat(terms.until()).isEqualTo(Instant.parse("2026-12-24T17:00:00Z"));

        List<String> complaints = new ArrayList<>();
        Verdict wrong = AccessReply.verdict(
                new AccessRequest(AccessQuestionTest.CALL, PAP),
                new RadiusClient.Answer.Replied(
                        "one",
                        new RadiusPacket(
                                RadiusCode.ACCESS_ACCEPT,
                                1,
                                Attributes.builder()
                                        .text(RadiusAttribute.FRAMED_ROUTE, "lan")
                                        .integer(RadiusAttribute.FRAMED_MTU, 10)
                                        .vendor(VendorAttribute.WISPR_SESSION_TERMINATE_TIME, text("soon"))
                                        .build()),
                        hidden -> hidden),
                complaints::add);
        assertThat(complaints).hasSize(2);
        assertThat(((Verdict.Accepted) wrong).profile())
                .as("who has one wrong attribute can still call")
                .isEqualTo(SubscriberProfile.NONE);
    }

    /** RFC 2865 §5.6: an account for something else, the console of a router perhaps, is none for PPP. */
    @Test
    void aServiceThatThereIsNotIsARejection() {
        assertThat(accepted(Attributes.builder()
                        .integer(RadiusAttribute.SERVICE_TYPE, 2)
                        .integer(RadiusAttribute.FRAMED_PROTOCOL, 1)))
                .isNotNull();
        for (Attributes.Builder other : List.of(
                Attributes.builder().integer(RadiusAttribute.SERVICE_TYPE, 6),
                Attributes.builder().integer(RadiusAttribute.FRAMED_PROTOCOL, 2),
                Attributes.builder()
                        .vendor(VendorAttribute.MS_MPPE_ENCRYPTION_POLICY, Bytes.ofHex("00000002"))
                        .vendor(VendorAttribute.MS_MPPE_SEND_KEY, Bytes.ofHex("00".repeat(16))))) {
            assertThat(verdict(PAP, RadiusCode.ACCESS_ACCEPT, other.build())).isInstanceOf(Verdict.Rejected.class);
        }
    }

    @Test
    void twoAddressesHaveAMeaningOfTheirOwn() {
        Verdict.Accepted ours = accepted(Attributes.builder().integer(RadiusAttribute.FRAMED_IP_ADDRESS, 0xfffffffeL));
        assertThat(ours.address()).isZero();
        assertThat(ours.mayWish()).isFalse();
        Verdict.Accepted theirs =
                accepted(Attributes.builder().integer(RadiusAttribute.FRAMED_IP_ADDRESS, 0xffffffffL));
        assertThat(theirs.address()).isZero();
        assertThat(theirs.mayWish()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1M/2M,                      1000000,  2000000",
        "512k,                       512000,   512000",
        "64000/128k 1M/2M 5/5 8/8 8, 64000,    128000",
        "0/1G,                       0,        1000000000",
    })
    void mikrotikRatesAreAsTheRouterReceivesAndSends(String text, long up, long down) {
        assertThat(accepted(Attributes.builder().vendor(VendorAttribute.MIKROTIK_RATE_LIMIT, text(text)))
                        .rates())
                .isEqualTo(new Rates(up, down));
    }

    @ParameterizedTest
    @CsvSource({"fast", "1M/", "-5/5", "'99999999999999999/1'"})
    void ratesThatAreNoneAreNotThere(String text) {
        assertThat(accepted(Attributes.builder().vendor(VendorAttribute.MIKROTIK_RATE_LIMIT, text(text)))
                        .rates())
                .isNull();
    }

    @Test
    void wisprRatesMayBeOfOneDirection() {
        assertThat(accepted(Attributes.builder()
                                .vendor(VendorAttribute.WISPR_BANDWIDTH_MAX_DOWN, Bytes.ofHex("ee6b2800")))
                        .rates())
                .isEqualTo(new Rates(0, 4_000_000_000L));
    }

    @Test
    void aRejectSaysWhoRejectedAndWhy() {
        assertThat(verdict(
                        PAP,
                        RadiusCode.ACCESS_REJECT,
                        Attributes.builder()
                                .text(RadiusAttribute.REPLY_MESSAGE, "bill unpaid")
                                .build()))
                .isEqualTo(new Verdict.Rejected("rejected by RADIUS server one: bill unpaid"));
        assertThat(verdict(PAP, RadiusCode.ACCESS_CHALLENGE, Attributes.NONE))
                .isEqualTo(new Verdict.Rejected("RADIUS server one asks for more"));
    }

    @Test
    void anMsChapV2SubscriberIsShownTheServersProof() {
        String proof = "S=0123456789ABCDEF0123456789ABCDEF01234567";
        Attributes attributes = Attributes.builder()
                .vendor(VendorAttribute.MS_CHAP2_SUCCESS, text("\u0001" + proof))
                .build();
        assertThat(((Verdict.Accepted) verdict(MSCHAP, RadiusCode.ACCESS_ACCEPT, attributes)).authenticatorResponse())
                .isEqualTo(proof);
        assertThat(verdict(MSCHAP, RadiusCode.ACCESS_ACCEPT, Attributes.NONE))
                .isEqualTo(new Verdict.Rejected("RADIUS server one sent no MS-CHAP2-Success"));
    }

    @Test
    void mppeKeysComeWithTheirPolicyAndAreNotPrinted() {
        Verdict.Accepted accepted = accepted(Attributes.builder()
                .vendor(VendorAttribute.MS_MPPE_SEND_KEY, Bytes.ofHex("aa".repeat(16)))
                .vendor(VendorAttribute.MS_MPPE_RECV_KEY, Bytes.ofHex("bb".repeat(16)))
                .vendor(VendorAttribute.MS_MPPE_ENCRYPTION_POLICY, Bytes.ofHex("00000002"))
                .vendor(VendorAttribute.MS_MPPE_ENCRYPTION_TYPES, Bytes.ofHex("00000004")));
        assertThat(accepted.keys())
                .isEqualTo(new MppeKeys(Bytes.ofHex("aa".repeat(16)), Bytes.ofHex("bb".repeat(16)), 2, 4));
        assertThat(accepted.toString()).doesNotContain("aaaa").doesNotContain("bbbb");
    }

    @Test
    void severalAttributesOfAVendorMayShareOneVendorSpecific() {
        Attributes attributes = Attributes.builder()
                .octets(RadiusAttribute.VENDOR_SPECIFIC, Bytes.ofHex("00000137" + "1c0601010101" + "1d0602020202"))
                .build();
        assertThat(attributes.integer(VendorAttribute.MS_PRIMARY_DNS_SERVER)).isEqualTo(0x01010101);
        assertThat(attributes.integer(VendorAttribute.MS_SECONDARY_DNS_SERVER)).isEqualTo(0x02020202);
    }

    @Test
    void anyOctetsInAnyAttributeAreTakenOrLeft() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            Attributes.Builder attributes = Attributes.builder();
            for (int i = 0; i < 4; i++) {
                byte[] value = new byte[random.nextInt(24)];
                random.nextBytes(value);
                RadiusAttribute[] types = RadiusAttribute.values();
                VendorAttribute[] vendors = VendorAttribute.values();
                attributes.octets(types[random.nextInt(types.length)], Bytes.of(value));
                attributes.vendor(vendors[random.nextInt(vendors.length)], Bytes.of(value));
            }
            try {
                Verdict verdict = verdict(PAP, RadiusCode.ACCESS_ACCEPT, attributes.build());
                if (verdict instanceof Verdict.Accepted accepted && accepted.rates() instanceof Rates rates) {
                    rates.in(TrafficLimits.NONE);
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
