package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Ipv4;
import io.warren.config.RateLimits;
import io.warren.control.access.AuthorizedAccess.UsersFilePlace;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessDecision.Denied;
import io.warren.control.port.AccessDecision.Granted;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAuthority.Rates;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.EapPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizedAccessTest {
    private static final PeerPath PATH =
            new PeerPath(new Endpoint(Bytes.ofHex("c0000201"), 1701), new Endpoint(Bytes.ofHex("0a000002"), 1701));
    private static final SubscriberProfile PROFILE = new SubscriberProfile(60, 0, 0, List.of(), List.of(), null);
    private static final List<Integer> DNS = List.of(0x01010101);

    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();
    private Verdict verdict = new Verdict.Unavailable("nobody answers");
    private LocalAccess local;

    @BeforeEach
    void open() throws Exception {
        Path users = folder.resolve("users");
        Files.writeString(users, "local * secret\n");
        AddressPools pools =
                new AddressPools(Map.of("default", List.of("10.0.0.0/24"), "gold", List.of("10.1.0.0/24")), 0x0a000001);
        local = new LocalAccess(UsersFile.open(users, "warren"), pools, DNS, RateLimits.NONE.with("packets=100"));
    }

    private AccessDecision decide(UsersFilePlace place, int session, String user) {
        return decide(
                place, session, new Credentials.Pap(user, Bytes.of("secret".getBytes(StandardCharsets.US_ASCII))));
    }

    private AccessDecision decide(UsersFilePlace place, int session, Credentials credentials) {
        AuthorizedAccess access = new AuthorizedAccess(
                local,
                request -> {
                    asked.add(request.credentials().user());
                    return CompletableFuture.completedFuture(verdict);
                },
                place);
        return access.decide(new AccessRequest(new SessionKey(1, session), credentials, "lac", PATH, null, null))
                .toCompletableFuture()
                .join();
    }

    private static Verdict accepted(int address, @Nullable String pool, boolean mayWish, @Nullable Rates rates) {
        return new Verdict.Accepted("far", address, pool, mayWish, List.of(), rates, null, PROFILE, null);
    }

    private Granted granted(Verdict given) {
        verdict = given;
        return (Granted) decide(UsersFilePlace.BEFORE, 1, "far");
    }

    @Test
    void theAddressComesFromTheUsualPoolUnlessSaidOtherwise() {
        Granted usual = granted(accepted(0, null, false, null));
        assertThat(new Ipv4(usual.address()).toString()).startsWith("10.0.0.");
        assertThat(usual.dns()).isEqualTo(DNS);
        assertThat(usual.permitted()).isEmpty();
        assertThat(usual.profile()).isEqualTo(PROFILE);
        assertThat(usual.limits()).isEqualTo(new TrafficLimits(0, 0, 0, 0, 100));
        local.over(new SessionKey(1, 1));
        assertThat(new Ipv4(granted(accepted(0, "gold", false, null)).address()).toString())
                .startsWith("10.1.0.");
    }

    @Test
    void anAddressOfTheUsersOwnIsGivenToOneCallOnly() {
        verdict = accepted(0x0a000007, null, false, null);
        assertThat(((Granted) decide(UsersFilePlace.BEFORE, 1, "far")).address())
                .isEqualTo(0x0a000007);
        assertThat(decide(UsersFilePlace.BEFORE, 2, "far")).isEqualTo(new Denied("the user's address is in use", true));
    }

    @Test
    void whoMayWishMayHaveAnyAddressOfThePools() {
        assertThat(granted(accepted(0, null, true, null)).permitted())
                .containsExactlyInAnyOrder("10.0.0.0/24", "10.1.0.0/24");
    }

    @Test
    void ratesAreAddedToTheUsualLimits() {
        assertThat(granted(accepted(0, null, false, new Rates(8_000_000, 0))).limits())
                .isEqualTo(new TrafficLimits(1_000_000, 0, 0, 0, 100));
        local.over(new SessionKey(1, 1));
        assertThat(granted(accepted(0, null, false, new Rates(1, Long.MAX_VALUE)))
                        .limits())
                .as("brought into range")
                .isEqualTo(new TrafficLimits(1_000, 0, 8_000_000_000L, 0, 100));
    }

    @Test
    void aPoolThatIsNotThereHasNoAddress() {
        verdict = accepted(0, "silver", false, null);
        assertThat(decide(UsersFilePlace.BEFORE, 1, "far"))
                .isEqualTo(new Denied("no free address in pool silver", true));
    }

    @Test
    void theUsersFileIsAskedBeforeBehindOrNotAtAll() {
        assertThat(decide(UsersFilePlace.BEFORE, 1, "local")).isInstanceOf(Granted.class);
        assertThat(asked).isEmpty();
        assertThat(decide(UsersFilePlace.BEFORE, 2, "far")).isEqualTo(new Denied("nobody answers", true));
        assertThat(decide(UsersFilePlace.BEHIND, 3, "local")).isInstanceOf(Granted.class);
        assertThat(decide(UsersFilePlace.BEHIND, 4, "far")).isEqualTo(new Denied("nobody answers", true));
        assertThat(decide(UsersFilePlace.NOWHERE, 5, "local")).isEqualTo(new Denied("nobody answers", true));
        assertThat(asked).containsExactly("far", "local", "far", "local");
        verdict = new Verdict.Rejected("rejected");
        assertThat(decide(UsersFilePlace.BEHIND, 6, "local"))
                .as("who is rejected is not asked for again")
                .isEqualTo(new Denied("rejected", false));
    }

    @Test
    void anEapConversationStaysWhereItBegan() {
        Bytes identity = new EapPacket.Response(1, EapPacket.IDENTITY, Bytes.EMPTY).encode();
        EapRound round = new EapRound("one", Bytes.ofHex("01"));
        verdict = new Verdict.Challenged(Bytes.ofHex("02"), round, Duration.ofSeconds(9));
        assertThat(decide(UsersFilePlace.BEHIND, 1, new Credentials.Eap("local", identity, 1500, null)))
                .isEqualTo(new AccessDecision.Challenged(Bytes.ofHex("02"), round, Duration.ofSeconds(9)));
        verdict = new Verdict.Unavailable("nobody answers");
        assertThat(decide(UsersFilePlace.BEHIND, 1, new Credentials.Eap("local", identity, 1500, round)))
                .as("the users file does not know what was asked")
                .isEqualTo(new Denied("nobody answers", true));
        asked.clear();
        AccessDecision.Challenged here = (AccessDecision.Challenged)
                decide(UsersFilePlace.BEFORE, 2, new Credentials.Eap("local", identity, 1500, null));
        assertThat(here.round().server()).isNull();
        assertThat(decide(UsersFilePlace.NOWHERE, 2, new Credentials.Eap("local", identity, 1500, here.round())))
                .isInstanceOf(Denied.class);
        assertThat(asked).as("no server knows what this node asked").isEmpty();
        assertThat(decide(UsersFilePlace.BEHIND, 3, new Credentials.Eap("local", identity, 1500, null)))
                .as("nobody answers")
                .isInstanceOf(AccessDecision.Challenged.class);
    }

    @Test
    void theAuthoritysEapPacketIsPassedOn() {
        Bytes failure = new EapPacket.Failure(3).encode();
        verdict = new Verdict.Rejected("wrong", failure);
        assertThat(decide(UsersFilePlace.BEFORE, 1, "far")).isEqualTo(new Denied("wrong", false, failure));
        Bytes success = new EapPacket.Success(3).encode();
        assertThat(granted(new Verdict.Accepted("far", 0, null, false, List.of(), null, null, PROFILE, null, success))
                        .eap())
                .isEqualTo(success);
    }
}
