package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.AddressPrefix;
import io.warren.config.PeerPattern;
import io.warren.config.TimeLimits;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberProfile;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words of the users file, and what holds where it has none. */
class UsualTermsTest {
    private Instant now = Instant.parse("2026-12-01T00:00:00Z");

    private static final int USUAL_DNS = 0x0a000035;
    private static final int PEERS_DNS = 0x0a000036;

    private final UsualTerms access;

    UsualTermsTest(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("users");
        Files.writeString(file, """
                plain   *  secret
                own     *  secret  10.0.0.3 route=10.9.0.0/24 route=10.10.0.0/16 down=20M route=2001:db8:9::/48
                timed   *  secret  session=8h idle=off until=2026-12-24T18:00:00+01:00
                special *  secret  mtu=1400 dns=192.0.2.53,192.0.2.54,2001:db8::53 ipv6=off filter=garden
                """);
        LocalAccess local = new LocalAccess(
                UsersFile.open(file, "lns"),
                new AddressPools(Map.of("default", List.of("10.0.0.0/24")), 0x0a000001),
                List.of());
        access = new UsualTerms(
                local,
                new TimeLimits(Duration.ofHours(24), Duration.ofMinutes(30)),
                List.of(USUAL_DNS),
                List.of(
                        new UsualTerms.PeerDns(new PeerPattern("wholesale", List.of()), List.of(PEERS_DNS)),
                        new UsualTerms.PeerDns(
                                new PeerPattern("", List.of(AddressPrefix.parse("127.0.0.0/8"))), List.of())),
                () -> now);
    }

    private AccessDecision.Granted granted(String user, String lac) {
        return (AccessDecision.Granted) decision(user, lac);
    }

    private AccessDecision decision(String user, String lac) {
        AccessRequest request = new AccessRequest(
                new SessionKey(1, 7),
                new Credentials.Pap(user, Bytes.of("secret".getBytes(StandardCharsets.US_ASCII))),
                lac,
                new PeerPath(new Endpoint(Bytes.ofHex("7f000001"), 1), new Endpoint(Bytes.ofHex("7f000002"), 2)),
                null,
                null);
        return access.decide(request).toCompletableFuture().join();
    }

    @Test
    void whatIsNotSaidIsAsForAll() {
        AccessDecision.Granted granted = granted("plain", "lac");
        assertThat(granted.profile()).isEqualTo(SubscriberProfile.NONE.within(86_400, 1_800));
        assertThat(granted.dns()).containsExactly(USUAL_DNS);
    }

    @Test
    void aPeersSubscribersHaveItsNameServers() {
        assertThat(granted("plain", "wholesale").dns()).containsExactly(PEERS_DNS);
        assertThat(granted("special", "wholesale").dns())
                .as("what is said of the user goes before")
                .containsExactly(0xc0000235, 0xc0000236);
    }

    @Test
    void aUserHasHisNetworks() {
        SubscriberProfile profile = granted("own", "lac").profile();
        assertThat(profile.ownTerms().routes().ipv4())
                .extracting(Object::toString)
                .containsExactly("10.9.0.0/24", "10.10.0.0/16");
        assertThat(profile.ownTerms().routes().ipv6())
                .extracting(Object::toString)
                .containsExactly("2001:db8:9:0:0:0:0:0/48");
        assertThat(granted("own", "lac").limits().downRate()).isEqualTo(2_500_000);
    }

    @Test
    void aUserHasHisTimes() {
        SubscriberProfile profile = granted("timed", "lac").profile();
        assertThat(profile.sessionTimeout()).isEqualTo(8 * 3_600);
        assertThat(profile.idleTimeout()).as("never, though others have one").isEqualTo(Integer.MAX_VALUE);
        assertThat(profile.ownTerms().until()).isEqualTo(Instant.parse("2026-12-24T17:00:00Z"));
    }

    @Test
    void whoseTimeIsOverIsNotLetInAndKeepsNoAddress() {
        now = Instant.parse("2026-12-24T17:00:00Z");
        assertThat(decision("timed", "lac"))
                .isEqualTo(new AccessDecision.Denied("his time is over: 2026-12-24T17:00:00Z", false));
        SessionKey other = new SessionKey(1, 8);
        assertThat(IntStream.range(0x0a000002, 0x0a0000fe)
                        .allMatch(address -> access.lease(other, address)
                                .toCompletableFuture()
                                .join()))
                .as("all addresses are free")
                .isTrue();
    }

    @Test
    void aUserHasHisMtuAndServersAndMayGoWithoutIpv6() {
        SubscriberProfile profile = granted("special", "lac").profile();
        assertThat(profile.ownTerms().mtu()).isEqualTo(1_400);
        assertThat(profile.ownTerms().withoutIpv6()).isTrue();
        assertThat(profile.filters()).containsExactly("garden");
        assertThat(profile.ipv6()).isNotNull();
        assertThat(profile.ipv6().dns()).containsExactly(Bytes.ofHex("20010db8000000000000000000000053"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route=10.9.0.0",
                "route=10.9.0.1/24",
                "route=0.0.0.0/0",
                "route=lan",
                "route=2001:db8:9::1/128",
                "session=8",
                "session=0h",
                "session=8h session=9h",
                "idle=soon",
                "until=tomorrow",
                "mtu=10",
                "dns=ns.example.net",
                "dns=192.0.2.1,192.0.2.2,192.0.2.3",
                "ipv6=on",
                "rout=10.9.0.0/24",
            })
    void mistakesAreToldWithTheirLine(String words) {
        List<String> problems = ChapSecrets.parse(
                        ("anna * secret * " + words + "\n").getBytes(StandardCharsets.US_ASCII), "users")
                .problems();
        if (words.equals("route=10.9.0.0")) {
            assertThat(problems).as("one address is a network, too").isEmpty();
        } else {
            assertThat(problems).isNotEmpty().allMatch(problem -> problem.startsWith("users:1: "));
        }
    }
}
