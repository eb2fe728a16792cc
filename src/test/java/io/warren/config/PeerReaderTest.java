package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.warren.config.PeerSettings.ProxyAuthentication;
import io.warren.config.PeerSettings.ProxyLcp;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerReaderTest {
    private static final byte[] INSIDE = {(byte) 192, 0, 2, 9};
    private static final byte[] OUTSIDE = {(byte) 192, 0, 3, 9};

    private static Settings read(String text) throws SettingsException {
        return SettingsReader.read(
                        ConfigFactory.parseString(text), Path.of("conf").toAbsolutePath())
                .settings();
    }

    @Test
    void byDefaultWhatIsCompatibleIsTakenFromALac() throws Exception {
        Settings settings = read("");
        assertThat(settings.peers()).isEmpty();
        assertThat(settings.ppp().proxyLcp()).isEqualTo(ProxyLcp.ACCEPT_IF_COMPATIBLE);
        assertThat(settings.ppp().proxyAuthentication()).isEqualTo(ProxyAuthentication.WITH_SECRET);
    }

    @Test
    void whatAPeerDoesNotSayIsAsForAll() throws Exception {
        PeerSettings peer = read("warren.peers.lac.host-name = lac1").peers().getFirst();
        assertThat(peer)
                .isEqualTo(new PeerSettings(
                        "lac", new PeerPattern("lac1", List.of()), null, null, List.of(), null, true, List.of(), null));
    }

    @Test
    void everythingCanBeSaid() throws Exception {
        Settings settings = read("""
                warren.ppp { proxy-lcp = renegotiate, proxy-authentication = accept }
                warren.peers."a.b" {
                  host-name = "", addresses = ["192.0.2.0/24", "2001:db8::1"], proxy-lcp = accept
                  proxy-authentication = off, authentication = [pap], mru = 1492, ipv6 = off
                  dns = ["192.0.2.53"], hello-tolerant = on
                }
                """);
        assertThat(settings.ppp().proxyLcp()).isEqualTo(ProxyLcp.RENEGOTIATE);
        assertThat(settings.ppp().proxyAuthentication()).isEqualTo(ProxyAuthentication.ACCEPT);
        assertThat(settings.peers())
                .containsExactly(new PeerSettings(
                        "a.b",
                        new PeerPattern(
                                "", List.of(AddressPrefix.parse("192.0.2.0/24"), AddressPrefix.parse("2001:db8::1"))),
                        ProxyLcp.ACCEPT,
                        ProxyAuthentication.OFF,
                        List.of(Settings.Authentication.PAP),
                        1492,
                        false,
                        List.of(Ipv4.parse("192.0.2.53")),
                        true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lac {}",
                "lac { host-name = a, proxy-lcp = maybe }",
                "lac { host-name = a, proxy-authentication = maybe }",
                "lac { host-name = a, mru = 100 }",
                "lac { host-name = a, mru = big }",
                "lac { host-name = a, ipv6 = on }",
                "lac { host-name = a, hello-tolerant = perhaps }",
                "lac { host-name = a, dns = [\"lac.example.net\"] }",
                "lac { host-name = a, authentication = [eap-of-mars] }",
                "lac { addresses = [\"192.0.2.1/24\"] }",
                "lac { addresses = [\"lac.example.net\"] }",
                "lac { host-name = a, colour = red }",
                "lac = 7"
            })
    void mistakesAreReported(String peers) {
        assertThatThrownBy(() -> read("warren.peers { " + peers + " }"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("peers");
    }

    @Test
    void aNameFitsBetterThanAnAddressAndALongPrefixBetterThanAShortOne() {
        PeerPattern byName = new PeerPattern("lac1", List.of());
        PeerPattern byNet = new PeerPattern("", List.of(AddressPrefix.parse("192.0.2.0/24")));
        PeerPattern byHost = new PeerPattern("", List.of(AddressPrefix.parse("192.0.2.9")));
        PeerPattern byBoth = new PeerPattern("lac1", List.of(AddressPrefix.parse("192.0.2.0/24")));

        assertThat(byBoth.fit("LAC1", INSIDE)).isGreaterThan(byName.fit("LAC1", INSIDE));
        assertThat(byName.fit("LAC1", INSIDE)).isGreaterThan(byHost.fit("LAC1", INSIDE));
        assertThat(byHost.fit("LAC1", INSIDE)).isGreaterThan(byNet.fit("LAC1", INSIDE));
        assertThat(byNet.fit("other", INSIDE)).isGreaterThan(PeerPattern.ANY.fit("other", INSIDE));
        assertThat(byNet.fit("lac1", OUTSIDE)).isEqualTo(PeerPattern.NO_FIT);
        assertThat(byBoth.fit("lac1", OUTSIDE)).isEqualTo(PeerPattern.NO_FIT);
        assertThat(byName.fit("other", INSIDE)).isEqualTo(PeerPattern.NO_FIT);
        assertThat(byNet.fit("x", new byte[16])).isEqualTo(PeerPattern.NO_FIT);
    }

    @Test
    void prefixesOfBothVersions() {
        byte[] six = new byte[16];
        six[0] = 0x20;
        six[1] = 0x01;
        six[15] = 1;
        assertThat(AddressPrefix.parse("::/0").contains(six)).isTrue();
        assertThat(AddressPrefix.parse("2001::/16").contains(six)).isTrue();
        assertThat(AddressPrefix.parse("2001::1").contains(six)).isTrue();
        assertThat(AddressPrefix.parse("2001::2").contains(six)).isFalse();
        assertThat(AddressPrefix.parse("2001::/127").contains(six)).isTrue();
        assertThat(AddressPrefix.parse("0.0.0.0/0").contains(six)).isFalse();
        assertThat(AddressPrefix.parse("0.0.0.0/0").contains(INSIDE)).isTrue();
        assertThat(AddressPrefix.parse("192.0.2.8/30")).hasToString("192.0.2.8/30");
        assertThat(AddressPrefix.parse("2001:db8::/32")).hasToString("2001:db8::/32");
        assertThatThrownBy(() -> AddressPrefix.parse("2001:db8::1/64")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AddressPrefix.parse("10.0.0.0/33")).isInstanceOf(IllegalArgumentException.class);
    }
}
