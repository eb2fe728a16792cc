package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.config.PrefixPlan.Kind;
import io.warren.config.PrefixPlan.Range;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberPrefixes;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PrefixLeasesTest {
    private static final PrefixPlan PLAN = new PrefixPlan(List.of(
            new Range(Kind.FRAMED, "default", Ipv6Range.parse("2001:db8:0:10::/62"), 64),
            new Range(Kind.FRAMED, "office", Ipv6Range.parse("2001:db8:0:20::/62"), 64),
            new Range(Kind.DELEGATED, "default", Ipv6Range.parse("2001:db8:1::/55"), 56)));

    private final AddressPools pools = new AddressPools(Map.of("default", List.of("10.0.0.0/24")), 0x0a000001, PLAN);
    private final Door door = new Door();
    private final PrefixLeases leases = new PrefixLeases(door, pools.addresses(), PLAN);

    @Test
    void everyCallGetsPrefixesOfItsOwnUntilThereAreNone() {
        SubscriberIpv6 first = given(1, "anna");
        SubscriberIpv6 second = given(2, "bert");
        assertThat(first.prefixes()).hasSize(1).doesNotContainAnyElementsOf(second.prefixes());
        assertThat(first.delegated()).hasSize(1).doesNotContainAnyElementsOf(second.delegated());
        SubscriberIpv6 third = given(3, "carl");
        assertThat(third.prefixes()).hasSize(1);
        assertThat(third.delegated()).as("there were two, and the call goes on").isEmpty();
    }

    @Test
    void aCallThatIsLetInAgainKeepsItsPrefixesAndAUserGetsHisLastOnes() {
        SubscriberIpv6 first = given(1, "anna");
        assertThat(given(1, "anna")).isEqualTo(first);
        for (int index : SubscriberPrefixes.indices(SubscriberProfile.NONE.with(first))) {
            leases.release(key(1), index);
        }
        given(2, "bert");
        assertThat(given(3, "anna")).isEqualTo(first);
    }

    @Test
    void aProfileNamesItsPool() {
        door.ipv6 = new SubscriberIpv6(List.of(), List.of(), null, null, "office", "none", null, List.of(), List.of());
        SubscriberIpv6 given = given(1, "anna");
        assertThat(given.prefixes().getFirst().high()).isEqualTo(0x2001_0db8_0000_0020L);
        assertThat(given.delegated()).as("there is no such pool").isEmpty();
    }

    @Test
    void aUsersOwnPrefixIsGivenToOneCallOnly() {
        Ipv6Prefix own = new Ipv6Prefix(0x2001_0db8_ffff_0000L, 0, 48);
        door.ipv6 = SubscriberIpv6.NONE.with(List.of(), List.of(own));
        assertThat(given(1, "anna").delegated()).containsExactly(own);
        assertThat(given(2, "anna").delegated()).isEmpty();
        leases.release(key(1), SubscriberPrefixes.index(Kind.DELEGATED, own));
        assertThat(given(2, "anna").delegated()).containsExactly(own);
    }

    @Test
    void aUserMayHaveSeveralPrefixesOfHisOwnAndGoesOnWithoutTheOneThatIsTaken() {
        List<Ipv6Prefix> links =
                List.of(new Ipv6Prefix(0x2001_0db8_aaaa_0001L, 0, 64), new Ipv6Prefix(0x2001_0db8_aaaa_0002L, 0, 64));
        List<Ipv6Prefix> networks =
                List.of(new Ipv6Prefix(0x2001_0db8_bbbb_0000L, 0, 47), new Ipv6Prefix(0x2001_0db8_cccc_0000L, 0, 57));
        door.ipv6 = SubscriberIpv6.NONE.with(links, networks);
        assertThat(given(1, "anna").prefixes()).isEqualTo(links);
        assertThat(given(1, "anna").delegated()).isEqualTo(networks);
        leases.release(key(1), SubscriberPrefixes.index(Kind.DELEGATED, networks.getFirst()));
        SubscriberIpv6 second = given(2, "anna");
        assertThat(second.prefixes()).isEmpty();
        assertThat(second.delegated()).containsExactly(networks.getFirst());
    }

    @Test
    void aPrefixThatNoLinkCanHaveIsLeftOut() {
        door.ipv6 = SubscriberIpv6.NONE.with(List.of(new Ipv6Prefix(1L << 61, 0, 60)), List.of());
        assertThat(given(1, "anna").prefixes()).isEmpty();
    }

    @Test
    void pitfall_aPeerCannotWishTheNumberOfAPrefixAsItsAddress() {
        int index = PLAN.find(Ipv6Range.parse("2001:db8:0:11::/64").high());
        assertThat(leases.lease(key(1), index).toCompletableFuture()).isCompletedWithValue(false);
        assertThat(pools.rangesByPool()).containsOnlyKeys("default");
    }

    @Test
    void whatIsRestoredIsNotGivenOut() {
        for (long link = 0x2001_0db8_0000_0010L; link < 0x2001_0db8_0000_0013L; link++) {
            leases.restore(key(9), PrefixPlan.index(Kind.FRAMED, link, 64));
        }
        assertThat(given(1, "anna").prefixes()).containsExactly(new Ipv6Prefix(0x2001_0db8_0000_0013L, 0, 64));
        assertThat(given(2, "bert").prefixes()).isEmpty();
    }

    private SubscriberIpv6 given(int call, String user) {
        AccessRequest request = new AccessRequest(
                key(call),
                new Credentials.Pap(user, Bytes.EMPTY),
                "lac",
                new PeerPath(new Endpoint(Bytes.ofHex("7f000001"), 1), new Endpoint(Bytes.ofHex("7f000002"), 2)),
                null,
                null);
        AccessDecision decision = leases.decide(request).toCompletableFuture().join();
        SubscriberIpv6 ipv6 = ((AccessDecision.Granted) decision).profile().ipv6();
        assertThat(ipv6).isNotNull();
        return ipv6;
    }

    private static SessionKey key(int call) {
        return new SessionKey(1, call);
    }

    /** Lets everybody in. */
    private final class Door implements SubscriberAccess {
        private SubscriberIpv6 ipv6 = SubscriberIpv6.NONE;

        @Override
        public CompletionStage<AccessDecision> decide(AccessRequest request) {
            return CompletableFuture.completedFuture(new AccessDecision.Granted(
                    request.credentials().user(),
                    0x0a000002,
                    List.of(),
                    List.of(),
                    TrafficLimits.NONE,
                    null,
                    SubscriberProfile.NONE.with(ipv6),
                    null));
        }

        @Override
        public CompletionStage<Boolean> lease(SessionKey key, int address) {
            return CompletableFuture.completedFuture(pools.lease(key, address));
        }

        @Override
        public void restore(SessionKey key, int address) {
            pools.restore(key, address);
        }

        @Override
        public void release(SessionKey key, int address) {
            pools.release(key, address);
        }

        @Override
        public void over(SessionKey key) {}
    }
}
