package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0", "10.0.0.0.0", "256.0.0.1", "010.0.0.1", "10.0.0.-1", "a.b.c.d", " 10.0.0.1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Ipv4.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":1701",
                "host",
                "host:",
                "::1:1701",
                "[::1]",
                "host:70000",
                "1.2.3:1",
                "a b:1",
                "[]:1",
                "[1:2]:1",
                "[1::2::3]:1"
            })
    void refusesWhatIsNoPlaceToListen(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPlaceMayBeAllOfThemOrOfOneLinkOnly() {
        for (String all : new String[] {"0.0.0.0:1", "[::]:1", "[0:0::0]:1"}) {
            assertThat(HostPort.parse(all).isWildcard()).as(all).isTrue();
        }
        for (String one : new String[] {"10.0.0.1:1", "[::1]:1", "[2001:db8::]:1", "lns.example:1"}) {
            assertThat(HostPort.parse(one).isWildcard()).as(one).isFalse();
            assertThat(HostPort.parse(one).isLinkLocal()).as(one).isFalse();
        }
        assertThat(HostPort.parse("[fe80::1]:1").isLinkLocal()).isTrue();
    }

    @Test
    void bracketsComeBack() {
        assertThat(HostPort.parse("[::]:1701")).hasToString("[::]:1701");
        assertThat(HostPort.parse("[2001:db8::1]:1701").toSocketAddress().getAddress())
                .isInstanceOf(Inet6Address.class);
        assertThat(HostPort.parse("127.0.0.1:1").toSocketAddress().getPort()).isEqualTo(1);
    }
}
