package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6Test {
    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "::", "::1", "1::", "fe80::1:0:0:2", "2001:db8:0:1:1:1:1:1", "1:0:0:2::3"})
    void isWrittenAsRfc5952SaysAndReadAgain(String text) {
        assertThat(Ipv6.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "::g",
                "1.2.3.4",
                "fe80::1%eth0",
                "localhost",
                "1:2:3",
                "::ffff:1.2.3.4",
                "1::2::3",
                ":",
                ":::"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Ipv6.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRangeHasNoBitsAfterItsPrefix() {
        assertThat(Ipv6Range.parse("2001:db8:ff00::/40")).hasToString("2001:db8:ff00::/40");
        for (String wrong : new String[] {
            "2001:db8::1/40", "2001:db8:1::/40", "2001:db8::", "2001:db8::/65", "2001:db8::/0", "fe80::/64", "ff00::/8"
        }) {
            assertThatThrownBy(() -> Ipv6Range.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
