package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.warren.config.RadiusSettings.LocalUsers;
import io.warren.config.RadiusSettings.MessageAuthenticator;
import io.warren.config.RadiusSettings.Server;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RadiusReaderTest {
    private static RadiusSettings read(String text) throws SettingsException {
        return SettingsReader.read(
                        ConfigFactory.parseString(text), Path.of("conf").toAbsolutePath())
                .settings()
                .radius();
    }

    @Test
    void withoutServersThereIsNoRadius() throws Exception {
        RadiusSettings radius = read("");
        assertThat(radius.servers()).isEmpty();
        assertThat(radius.authenticates()).isFalse();
        assertThat(radius.accounts()).isFalse();
        assertThat(radius.nasIdentifier()).isEqualTo("warren");
        assertThat(radius.nasAddress()).isNull();
    }

    @Test
    void aServerNeedsAnAddressAndASecretOnly() throws Exception {
        RadiusSettings radius = read("""
                warren.radius.servers.one { address = "192.0.2.1", secret = "open-sesame" }
                """);
        assertThat(radius.servers())
                .containsExactly(new Server(
                        "one",
                        "192.0.2.1",
                        new Secret("open-sesame"),
                        1812,
                        1813,
                        1,
                        100,
                        256,
                        MessageAuthenticator.REQUIRE));
        assertThat(radius.authenticates()).isTrue();
        assertThat(radius).asString().doesNotContain("open-sesame");
    }

    @Test
    void everythingCanBeSaid() throws Exception {
        RadiusSettings radius = read("""
                warren.radius {
                  servers {
                    "b.example" { address = "2001:db8::1", secret = s, authentication-port = 0, accounting-port = 1
                      priority = 2, weight = 3, limit = 4, message-authenticator = accept }
                  }
                  local-users = off, nas-identifier = lns, nas-address = 192.0.2.9, source-address = 192.0.2.9
                  timeout = 1s, attempts = 2, dead-time = 1m
                  accounting.interim = 1h
                  dynamic-authorization { listen = ["127.0.0.1:3799"], clients.desk { address = 192.0.2.7, secret = t } }
                }
                """);
        assertThat(radius.servers())
                .containsExactly(new Server(
                        "b.example", "2001:db8::1", new Secret("s"), 0, 1, 2, 3, 4, MessageAuthenticator.ACCEPT));
        assertThat(radius.localUsers()).isEqualTo(LocalUsers.OFF);
        assertThat(radius.nasAddress()).isEqualTo(Ipv4.parse("192.0.2.9"));
        assertThat(radius.retransmission())
                .isEqualTo(new RadiusSettings.Retransmission(Duration.ofSeconds(1), 2, Duration.ofMinutes(1)));
        assertThat(radius.accounting().interim()).isEqualTo(Duration.ofHours(1));
        assertThat(radius.dynamicAuthorization().clients())
                .containsExactly(new RadiusSettings.Client("desk", "192.0.2.7", new Secret("t")));
    }

    @Test
    void mistakesSayWhatWouldBeRight() {
        assertThatThrownBy(() -> read("""
                        warren.radius.servers.one { adress = "192.0.2.1", limit = 0 }
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("did you mean warren.radius.servers.one.address?")
                .hasMessageContaining("warren.radius.servers.one.secret: there is none")
                .hasMessageContaining("warren.radius.servers.one.limit: 0 is not allowed")
                .hasMessageContaining("warren.radius.servers.one.address: it is no IP address");
    }
}
