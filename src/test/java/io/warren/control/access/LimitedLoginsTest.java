package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.RateLimits;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.CallDetails;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.control.port.SubscriberProfile;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.EapPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has proved who he is, and how many calls he may have: before he gets an address, and not before he is known. */
class LimitedLoginsTest {
    private static final PeerPath PATH =
            new PeerPath(new Endpoint(Bytes.ofHex("c0000201"), 1701), new Endpoint(Bytes.ofHex("0a000002"), 1701));
    private static final SessionKey KEY = new SessionKey(7, 9);

    private final AddressPools pools = new AddressPools(Map.of("default", List.of("10.0.0.0/24")), 0x0a000001);
    private final Desk desk = new Desk();
    private final LocalAccess local;

    LimitedLoginsTest(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("users"), "anna * secret\nbert * secret calls=2\n");
        local = new LocalAccess(
                UsersFile.open(file, "lns"), pools, pools.addresses(), List.of(), RateLimits.NONE, desk);
    }

    private static final class Desk implements Logins {
        private final List<String> claims = new ArrayList<>();
        private final List<SessionKey> over = new ArrayList<>();
        private boolean limitsAll = true;
        private CompletionStage<Answer> answer = CompletableFuture.completedFuture(new Answer.Admitted());

        @Override
        public boolean limits(int calls) {
            return limitsAll || calls > 0;
        }

        @Override
        public CompletionStage<Answer> claim(CallDetails call, String user, int calls) {
            claims.add(call.key() + " " + user + " " + calls);
            return answer;
        }

        @Override
        public boolean hasReplaced(SessionKey key) {
            return false;
        }

        @Override
        public void over(SessionKey key) {
            over.add(key);
        }
    }

    private static AccessRequest request(String user, String password) {
        return new AccessRequest(
                KEY,
                new Credentials.Pap(user, Bytes.of(password.getBytes(StandardCharsets.US_ASCII))),
                "lac",
                PATH,
                null,
                null);
    }

    private AccessDecision decide(String user) {
        return local.decide(request(user, "secret")).toCompletableFuture().join();
    }

    private AccessDecision granted(Verdict.Accepted accepted) {
        return new AuthorizedAccess(
                        local,
                        _ -> CompletableFuture.completedFuture(accepted),
                        AuthorizedAccess.UsersFilePlace.NOWHERE)
                .decide(request("carol", "secret"))
                .toCompletableFuture()
                .join();
    }

    private static Verdict.Accepted accepted(int calls) {
        return new Verdict.Accepted(
                "carol@isp",
                0x0a000007,
                null,
                false,
                List.of(),
                null,
                null,
                SubscriberProfile.NONE,
                null,
                new EapPacket.Success(3).encode(),
                calls);
    }

    @Test
    void nobodyIsAskedWhereNothingLimitsAUsersCalls() {
        desk.limitsAll = false;
        assertThat(decide("anna")).isInstanceOf(AccessDecision.Granted.class);
        assertThat(granted(accepted(0))).isInstanceOf(AccessDecision.Granted.class);
        assertThat(desk.claims).isEmpty();
        assertThat(decide("bert")).isInstanceOf(AccessDecision.Granted.class);
        assertThat(desk.claims).containsExactly("7-9 bert 2");
    }

    @Test
    void theUsersFileAndRadiusSayHowManyForWhom() {
        decide("anna");
        decide("bert");
        granted(accepted(3));
        assertThat(desk.claims).containsExactly("7-9 anna 0", "7-9 bert 2", "7-9 carol@isp 3");
    }

    @Test
    void whoHasNotProvedWhoHeIsClaimsNothing() {
        assertThat(local.decide(request("anna", "wrong")).toCompletableFuture().join())
                .isInstanceOf(AccessDecision.Denied.class);
        assertThat(desk.claims).as("or anybody could end anybody's calls").isEmpty();
    }

    /** The authority's EAP-Success must not go out: without a packet the link makes a Failure. */
    @Test
    void whoHasTooManyIsDeniedAndHasNoAddress() {
        desk.answer = CompletableFuture.completedFuture(new Logins.Answer.Refused("already logged in"));
        AccessDecision.Denied denied = new AccessDecision.Denied("already logged in", false, null);
        assertThat(decide("anna")).isEqualTo(denied);
        assertThat(granted(accepted(1))).isEqualTo(denied);
        assertThat(pools.leased()).isZero();
    }

    @Test
    void whoseCallsNobodyCanTellIsToComeAgain() {
        desk.answer = CompletableFuture.completedFuture(new Logins.Answer.Unknown("a node is silent"));
        assertThat(decide("anna")).isEqualTo(new AccessDecision.Denied("a node is silent", true));
    }

    @Test
    void theAddressIsTakenWhenTheClaimIsDecided() {
        CompletableFuture<Logins.Answer> later = new CompletableFuture<>();
        desk.answer = later;
        CompletableFuture<AccessDecision> decision =
                local.decide(request("anna", "secret")).toCompletableFuture();
        assertThat(decision).isNotDone();
        assertThat(pools.leased()).isZero();
        later.complete(new Logins.Answer.Admitted());
        assertThat(decision.join()).isInstanceOf(AccessDecision.Granted.class);
        assertThat(pools.leased()).isOne();
    }

    @Test
    void theDeskHearsOfTheEndOfACall() {
        local.over(KEY);
        assertThat(desk.over).containsExactly(KEY);
    }
}
