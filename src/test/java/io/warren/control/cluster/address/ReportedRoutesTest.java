package io.warren.control.cluster.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.control.cluster.AddressReport;
import io.warren.control.cluster.OwnedAddresses;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportedRoutesTest {
    private static final PrefixPlan PLAN = new PrefixPlan(List.of(
            new PrefixPlan.Range(PrefixPlan.Kind.FRAMED, "default", Ipv6Range.parse("2001:db8::/48"), 64),
            new PrefixPlan.Range(PrefixPlan.Kind.DELEGATED, "default", Ipv6Range.parse("2001:db8:8000::/36"), 56)));
    private static final Ipv6Prefix LINK = new Ipv6Prefix(0x2001_0db8_0000_0007L, 0, 64);
    private static final Ipv6Prefix OF_POOL = new Ipv6Prefix(0x2001_0db8_8000_0100L, 0, 56);
    private static final Ipv6Prefix OTHER_LENGTH = new Ipv6Prefix(0x2001_0db8_8000_0200L, 0, 57);
    private static final Ipv6Prefix FOREIGN = new Ipv6Prefix(0x2a00_1234_5678_0000L, 0, 47);
    private static final Ipv6Prefix ROUTE6 = new Ipv6Prefix(0x2a00_9999_0000_0000L, 0, 32);
    private static final Cidr ROUTE = Cidr.parse("10.9.0.0/24");
    private static final SessionKey KEY = new SessionKey(3 << 8 | 1, 9);

    private final ReportedRoutes routes = new ReportedRoutes(OwnedAddresses.NONE, PLAN);

    private static ForwardingEntry entry(
            SessionKey key, List<Ipv6Prefix> prefixes, List<Ipv6Prefix> six, Cidr... four) {
        return new ForwardingEntry(
                key,
                new PeerPath(new Endpoint(Bytes.ofHex("7f000001"), 1), new Endpoint(Bytes.ofHex("7f000002"), 2)),
                1,
                1,
                0x0a400009,
                1_400,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE,
                new ForwardingEntry.Ipv6(prefixes, six),
                null,
                List.of(),
                List.of(four),
                null);
    }

    @Test
    void whatNoLeaseSpeaksOfIsReported() {
        routes.installed(entry(KEY, List.of(LINK, OF_POOL, OTHER_LENGTH, FOREIGN), List.of(ROUTE6), ROUTE));
        assertThat(routes.report().routes())
                .isEqualTo(Map.of(3, List.of(Placement.ipv4(ROUTE), OTHER_LENGTH, FOREIGN, ROUTE6)));
        AddressReport same = routes.report();
        routes.installed(entry(KEY, List.of(LINK, OF_POOL, OTHER_LENGTH, FOREIGN), List.of(ROUTE6), ROUTE));
        assertThat(routes.report()).as("nothing is new").isSameAs(same);
        routes.removed(KEY);
        assertThat(routes.report().routes()).isEmpty();
    }

    @Test
    void aCallThatHasNothingOfItsOwnCostsNothing() {
        AddressReport before = routes.report();
        routes.installed(entry(KEY, List.of(LINK, OF_POOL), List.of()));
        assertThat(routes.report()).isSameAs(before);
    }

    @Test
    void aShardThatLeavesTakesItsRoutesAlongAndComesBackWithoutThoseOfCallsThatEndedElsewhere() {
        routes.installed(entry(KEY, List.of(), List.of(), ROUTE));
        routes.left(3);
        assertThat(routes.report().routes()).isEmpty();
        SessionKey over = new SessionKey(3 << 8 | 1, 10);
        routes.installed(entry(over, List.of(), List.of(ROUTE6)));
        routes.installed(entry(KEY, List.of(), List.of(), ROUTE));
        routes.arriving(3, Map.of(KEY, List.of(0x0a400009)));
        assertThat(routes.report().routes()).isEqualTo(Map.of(3, List.of(Placement.ipv4(ROUTE))));
    }

    @Test
    void aNetworkOfIpv4IsToldFromOneOfIpv6() {
        Ipv6Prefix four = Placement.ipv4(Cidr.parse("192.0.2.128/25"));
        assertThat(Placement.isIpv4(four)).isTrue();
        assertThat(four.length()).isEqualTo(96 + 25);
        assertThat((int) four.low()).isEqualTo(0xc0000280);
        assertThat(Placement.isIpv4(ROUTE6)).isFalse();
    }
}
