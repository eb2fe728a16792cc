package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.PrefixPlan.Kind;
import io.warren.config.PrefixPlan.Range;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrefixPlanTest {
    private static final Range LINKS = range(Kind.FRAMED, "2001:db8:1000::/40", 64);
    private static final Range MORE_LINKS = range(Kind.FRAMED, "2001:db8:1100::/40", 64);
    private static final Range NETWORKS = range(Kind.DELEGATED, "2001:db8:8000::/36", 56);
    private static final PrefixPlan PLAN = new PrefixPlan(List.of(LINKS, MORE_LINKS, NETWORKS));

    @Test
    void everyPrefixOfAPoolHasANumberOfItsOwnAndComesBackFromIt() {
        PrefixPlan small = new PrefixPlan(List.of(
                range(Kind.FRAMED, "2001:db8:1:ff00::/56", 64), range(Kind.DELEGATED, "2001:db8:2:f000::/52", 60)));
        Set<Integer> seen = new HashSet<>();
        for (Cidr indices :
                small.pools().values().stream().flatMap(List::stream).toList()) {
            for (int index = indices.firstHost(); index != indices.lastHost() + 1; index++) {
                Ipv6Range prefix = small.prefix(index);
                assertThat(prefix).isNotNull();
                assertThat(small.find(prefix.high() | 0)).isEqualTo(index);
                assertThat(seen.add(index)).isTrue();
            }
        }
        assertThat(seen).hasSize(256 + 256);
    }

    @Test
    void theFirstAndTheLastPrefixOfARangeAreGivenOutToo() {
        Cidr indices = LINKS.indices();
        assertThat(indices.length()).isEqualTo(8);
        assertThat(indices.firstHost()).isEqualTo(indices.base());
        assertThat(PLAN.prefix(indices.last())).hasToString("2001:db8:10ff:ffff::/64");
    }

    @Test
    void anyAddressIsFoundInItsPrefix() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            Range range = PLAN.ranges().get(random.nextInt(3));
            long high = range.addresses().high()
                    | random.nextLong() >>> range.addresses().length();
            Ipv6Range prefix = PLAN.prefix(PLAN.find(high));
            assertThat(prefix).as("seed %d", seed).isNotNull();
            assertThat(prefix.length()).isEqualTo(range.prefixLength());
            assertThat(prefix.contains(high)).as("seed %d", seed).isTrue();
            assertThat(PrefixPlan.index(range.kind(), prefix.high(), prefix.length()))
                    .as("the number is the prefix's own, whatever the pools are; seed %d", seed)
                    .isEqualTo(PLAN.find(high));
        }
    }

    @Test
    void numbersAreNoAddressesThatAHostMayHave() {
        for (Cidr indices : PLAN.pools().values().stream().flatMap(List::stream).toList()) {
            assertThat(new Ipv4(indices.base()).isAssignable()).isFalse();
            assertThat(PrefixPlan.isIndex(indices.base())).isTrue();
        }
        assertThat(PrefixPlan.isIndex(Ipv4.parse("223.255.255.255").bits())).isFalse();
        assertThat(PLAN.find(Ipv6.parse("2001:db8:2000::").high())).isEqualTo(PrefixPlan.NO_INDEX);
        assertThat(PLAN.prefix(Ipv4.parse("10.0.0.1").bits())).isNull();
    }

    @Test
    void rangesThatDifferInOneDigitDoNotShareNumbers() {
        assertThat(LINKS.indices().overlaps(MORE_LINKS.indices())).isFalse();
        assertThat(LINKS.indices()
                        .overlaps(
                                range(Kind.DELEGATED, "2001:db8:1000::/40", 64).indices()))
                .isFalse();
    }

    private static Range range(Kind kind, String text, int length) {
        return new Range(kind, "default", Ipv6Range.parse(text), length);
    }
}
