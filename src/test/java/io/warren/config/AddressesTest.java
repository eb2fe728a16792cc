package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @Test
    void cidrKnowsItsEnds() {
        Cidr cidr = Cidr.parse("10.1.2.0/23");
        assertThat(cidr.first()).hasToString("10.1.2.0");
        assertThat(cidr.last()).hasToString("10.1.3.255");
        assertThat(cidr.size()).isEqualTo(512);
        assertThat(cidr.contains(Ipv4.parse("10.1.3.7"))).isTrue();
        assertThat(cidr.contains(Ipv4.parse("10.1.4.0"))).isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").size()).isEqualTo(1L << 32);
        assertThat(Cidr.parse("255.255.255.255/32").last()).hasToString("255.255.255.255");
    }

    @Test
    void overlapIsMutual() {
        Cidr wide = Cidr.parse("10.0.0.0/8");
        Cidr narrow = Cidr.parse("10.3.0.0/16");
        assertThat(wide.overlaps(narrow)).isTrue();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(narrow.overlaps(Cidr.parse("10.4.0.0/16"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0", "10.0.0.0.0", "256.0.0.1", "010.0.0.1", "10.0.0.-1", "a.b.c.d", " 10.0.0.1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Ipv4.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/31", "/8"})
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":1701", "host", "host:", "::1:1701", "[::1]", "host:70000", "1.2.3:1", "a b:1", "[]:1"})
    void refusesWhatIsNoPlaceToListen(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bracketsComeBack() {
        assertThat(HostPort.parse("[::]:1701")).hasToString("[::]:1701");
        assertThat(HostPort.parse("127.0.0.1:1").toSocketAddress().getPort()).isEqualTo(1);
    }
}
