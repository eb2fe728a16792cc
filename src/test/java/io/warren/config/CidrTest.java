package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @Test
    void parsesAndPrints() {
        assertThat(Cidr.parse("10.1.2.0/24")).hasToString("10.1.2.0/24");
        assertThat(Cidr.parse("192.0.2.7")).isEqualTo(new Cidr(0xc0000207, 32));
        assertThat(Cidr.parse("0.0.0.0/0").contains(-1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.0/33",
                "10.0.0.1/24",
                "host",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "/8",
                "1.2.3.4 "
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsItsEnds() {
        Cidr cidr = Cidr.parse("10.1.2.0/23");
        assertThat(Ipv4.dotted(cidr.last())).isEqualTo("10.1.3.255");
        assertThat(cidr.contains(Ipv4.parse("10.1.3.7").bits())).isTrue();
        assertThat(cidr.contains(Ipv4.parse("10.1.4.0").bits())).isFalse();
        assertThat(Cidr.parse("255.255.255.255/32").last()).isEqualTo(-1);
    }

    @Test
    void overlapIsMutual() {
        Cidr wide = Cidr.parse("10.0.0.0/8");
        Cidr narrow = Cidr.parse("10.3.0.0/16");
        assertThat(wide.overlaps(narrow)).isTrue();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(narrow.overlaps(Cidr.parse("10.4.0.0/16"))).isFalse();
    }

    @Test
    void hostsAreWithoutNetworkAndBroadcastWhereThereAreAny() {
        assertThat(Ipv4.dotted(Cidr.parse("10.0.0.0/30").firstHost())).isEqualTo("10.0.0.1");
        assertThat(Ipv4.dotted(Cidr.parse("10.0.0.0/30").lastHost())).isEqualTo("10.0.0.2");
        assertThat(Ipv4.dotted(Cidr.parse("10.0.0.0/31").firstHost())).isEqualTo("10.0.0.0");
        assertThat(Ipv4.dotted(Cidr.parse("10.0.0.0/31").lastHost())).isEqualTo("10.0.0.1");
        assertThat(Ipv4.dotted(Cidr.parse("10.0.0.9").lastHost())).isEqualTo("10.0.0.9");
    }

    @Test
    void subtracts() {
        assertThat(Cidr.parse("10.0.0.0/29").minus(Cidr.parse("10.0.0.2")))
                .containsExactlyInAnyOrder(
                        Cidr.parse("10.0.0.0/31"), Cidr.parse("10.0.0.3"), Cidr.parse("10.0.0.4/30"));
        assertThat(Cidr.parse("10.0.0.2").minus(Cidr.parse("10.0.0.0/8"))).isEmpty();
        assertThat(Cidr.parse("10.0.0.2").minus(Cidr.parse("11.0.0.0/8"))).containsExactly(Cidr.parse("10.0.0.2"));
        assertThat(Cidr.parse("0.0.0.0/0").minus(Cidr.parse("255.255.255.255"))).hasSize(32);
    }
}
