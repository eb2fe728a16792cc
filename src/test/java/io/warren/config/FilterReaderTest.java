package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.warren.config.FilterRule.Ports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterReaderTest {
    private static List<FilterRules> read(String text) throws SettingsException {
        return SettingsReader.read(
                        ConfigFactory.parseString(text), Path.of("conf").toAbsolutePath())
                .settings()
                .filters();
    }

    @Test
    void rulesForEitherDirection() throws Exception {
        assertThat(read("")).isEmpty();
        assertThat(read("""
                warren.filters {
                  garden {
                    up = ["accept udp from any port 1024-65535 to 192.0.2.53 port 53", "drop"]
                    down = ["accept icmpv6 from 2001:db8::/32", "accept 50"]
                  }
                  open {}
                }
                """))
                .containsExactly(
                        new FilterRules(
                                "garden",
                                List.of(
                                        new FilterRule(
                                                true,
                                                17,
                                                null,
                                                new Ports(1024, 65535),
                                                AddressPrefix.parse("192.0.2.53"),
                                                new Ports(53, 53)),
                                        new FilterRule(false, FilterRule.ANY_PROTOCOL, null, null, null, null)),
                                List.of(
                                        new FilterRule(
                                                true, 58, AddressPrefix.parse("2001:db8::/32"), null, null, null),
                                        new FilterRule(true, 50, null, null, null, null))),
                        new FilterRules("open", List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "allow",
                "accept to",
                "accept to here",
                "accept port 80",
                "accept to any port 80",
                "accept icmp to any port 80",
                "accept tcp to any port",
                "accept tcp to any port 80-",
                "accept tcp to any port 90-80",
                "accept tcp to any port 65536",
                "accept 256",
                "accept to any from any",
                "accept from 10.0.0.0/8 to 2001:db8::1",
                "accept to 10.0.0.1/8",
                "accept tcp from any now"
            })
    void mistakesAreReported(String rule) {
        assertThatThrownBy(() -> read("warren.filters.f.up = [\"" + rule + "\"]"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("filters.f.up");
    }
}
