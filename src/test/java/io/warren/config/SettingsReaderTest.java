package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
    @TempDir
    Path directory;

    @BeforeEach
    void usersFile() throws IOException {
        Files.writeString(directory.resolve("users"), "");
    }

    private Settings read(String text) throws Exception {
        return SettingsReader.read(file(text)).settings();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("warren.conf"), text);
    }

    /** The report, with the directory of this test taken out. */
    private String mistakes(String text) throws IOException {
        Path file = file(text);
        SettingsException exception = catchThrowableOfType(SettingsException.class, () -> SettingsReader.read(file));
        assertThat(exception).as("mistakes in %s", text).isNotNull();
        return String.valueOf(exception.getMessage()).replace(directory + "/", "");
    }

    @Test
    void anEmptyFileGivesTheDefaults() throws Exception {
        Settings settings = read("");
        assertThat(settings.listen()).containsExactly(new HostPort("0.0.0.0", 1701));
        assertThat(settings.tunnelSecret()).isNull();
        assertThat(settings.helloInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.ppp().authentication())
                .containsExactly(
                        Settings.Authentication.MSCHAP_V2,
                        Settings.Authentication.CHAP_MD5,
                        Settings.Authentication.PAP);
        assertThat(settings.usersFile()).isEqualTo(directory.resolve("users"));
        assertThat(settings.pools()).containsOnlyKeys("default");
        assertThat(settings.udp().receiveBuffer()).isEqualTo(8 << 20);
        assertThat(settings.onStop()).isEqualTo(Settings.OnStop.KEEP);
    }

    @Test
    void mppeIsOffUnlessAskedFor() throws Exception {
        assertThat(read("").ppp().mppe()).isEqualTo(Settings.Mppe.OFF);
        assertThat(read("").ppp().mppeBits()).containsExactly(128);
        Settings.Ppp ppp =
                read("warren.ppp { mppe = require, mppe-bits = [128, 40] }").ppp();
        assertThat(ppp.mppe()).isEqualTo(Settings.Mppe.REQUIRE);
        assertThat(ppp.mppeBits()).containsExactly(128, 40);
    }

    @Test
    void usersMayCallAsOftenAsTheyLikeUnlessSaidOtherwise() throws Exception {
        assertThat(read("").subscribers()).isEqualTo(SubscriberSettings.USUAL);
        assertThat(read("warren.subscribers { duplicate-logins = replace, calls-per-user = 2 }")
                        .subscribers())
                .isEqualTo(new SubscriberSettings(SubscriberSettings.DuplicateLogins.REPLACE, 2));
        assertThat(mistakes("warren.subscribers {\n duplicate-logins = reject\n calls-per-user = 0\n}"))
                .contains("warren.conf:2: warren.subscribers.duplicate-logins")
                .contains("write allow, replace or deny")
                .contains("warren.conf:3: warren.subscribers.calls-per-user");
    }

    @Test
    void deflateIsOffUnlessAskedForAndNotBesideARequiredMppe() throws Exception {
        assertThat(read("").ppp().deflate()).isEqualTo(new Settings.Deflate(Settings.Deflate.Use.OFF, 15, 1_000));
        assertThat(read("warren.ppp { deflate = prefer, deflate-window = 12, deflate-calls = 7 }")
                        .ppp()
                        .deflate())
                .isEqualTo(new Settings.Deflate(Settings.Deflate.Use.PREFER, 12, 7));
        assertThat(mistakes("warren.ppp { deflate = always, deflate-window = 16 }"))
                .contains("write off, allow, prefer or require", "ppp.deflate-window");
        assertThat(mistakes("warren.ppp { mppe = require, deflate = require }"))
                .contains("compressed and encrypted at once");
    }

    @Test
    void mppeNeedsAMethodThatYieldsKeys() throws IOException {
        assertThat(mistakes("warren.ppp { authentication = [pap], mppe = require, mppe-bits = [128, 128] }"))
                .contains("its keys come from MS-CHAPv2")
                .contains("a length stands in it twice");
        assertThat(mistakes("warren.ppp { mppe = always, mppe-bits = [56] }"))
                .contains("write off, allow, prefer or require")
                .contains("write 128, or 128 and 40, as a list");
    }

    @Test
    void takesWhatTheFileSays() throws Exception {
        Settings settings = read("""
                warren {
                  listen = ["192.0.2.1:1701", "[2001:db8::1]:11701", "lns.example:0"]
                  tunnel-secret = open-sesame
                  hide-avps = on
                  ppp.authentication = [pap]
                  pools { default = ["10.1.0.0/16"], office = ["10.2.0.0/24", "10.2.2.0/24"] }
                  gateway = 192.0.2.99
                  dns = ["192.0.2.53", "192.0.2.54"]
                  tun.name = off
                  on-stop = hangup
                  data-dir = /tmp
                  limits.sccrq-rate.total = 5
                }
                """);
        assertThat(settings.listen())
                .containsExactly(
                        new HostPort("192.0.2.1", 1701),
                        new HostPort("2001:db8::1", 11701),
                        new HostPort("lns.example", 0));
        assertThat(settings.tunnelSecret()).isEqualTo(new Secret("open-sesame"));
        assertThat(settings.pools().get("office")).hasToString("[10.2.0.0/24, 10.2.2.0/24]");
        assertThat(settings.gateway()).hasToString("192.0.2.99");
        assertThat(settings.tun().name()).isNull();
        assertThat(settings.onStop()).isEqualTo(Settings.OnStop.HANGUP);
        assertThat(settings.dataDir()).isEqualTo(Path.of("/tmp"));
        assertThat(settings.limits().sccrqRate()).isEqualTo(new Settings.SccrqRate(200, 5));
    }

    @Test
    void whereTunnelsOverIpv6CannotBeIsSaid() throws Exception {
        assertThat(mistakes("warren.listen = [\"[fe80::1]:1701\", \"[2001:db8::1]:1701\"]"))
                .contains("warren.listen: [fe80::1]:1701 is an address of one link only")
                .doesNotContain("2001:db8::1");
        assertThat(mistakes("""
                warren.listen = ["[0::0]:1701"]
                warren.cluster { enabled = on, address = "2001:db8::7", reply-path = via-ingress }
                """))
                .contains("instead of 0.0.0.0 or [::]")
                .contains("warren.cluster.address: nodes speak to each other over IPv4 only");
    }

    @Test
    void allMistakesAreReportedTogetherInTheOrderOfTheFile() throws Exception {
        assertThat(mistakes("""
                warren {
                  listen = ["0.0.0.0", "0.0.0.0:99999"]
                  hostnam = lns
                  hide-avps = maybe
                  hello-interval = 60
                  receive-window = 0
                  ppp {
                    authentication = [mschap]
                    mru = 1460.5
                    echo = 3
                  }
                  users-file = nobody
                  pools {
                    default = ["10.0.0.0/16"]
                    office = ["10.0.5.0/24"]
                    shop = ["10.9.0.1/24"]
                  }
                  gateway = "10.0.0"
                  dns = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
                  tun = warren0
                  udp.receive-buffer = 1KiB
                  on-stop = { calls = keep }
                  sesions = 5
                }
                """)).isEqualTo("""
                warren.conf:2: warren.listen: '0.0.0.0' is wrong: it has no :port; write host:port, for example "0.0.0.0:1701"
                warren.conf:3: warren.hostnam: no such key; did you mean warren.hostname?
                warren.conf:4: warren.hide-avps: 'maybe' is not of the right kind; write on or off
                warren.conf:5: warren.hello-interval: 60 has no unit; write a time with its unit, from 0s to 3600s
                warren.conf:6: warren.receive-window: 0 is not allowed; write a whole number from 1 to 1024
                warren.conf:8: warren.ppp.authentication: 'mschap' is wrong: no such word; write one or more of eap, mschap-v2, chap-md5, pap
                warren.conf:9: warren.ppp.mru: 1460.5 is not allowed; write a whole number from 576 to 9000
                warren.conf:10: warren.ppp.echo: no such key; conf/application.conf shows every key
                warren.conf:12: warren.users-file: there is no file nobody; write the path of a file in the format of chap-secrets
                warren.conf:15: warren.pools.office: 10.0.5.0/24 overlaps 10.0.0.0/16 of warren.pools.default; an address may be in one range only
                warren.conf:16: warren.pools.shop: '10.9.0.1/24' is wrong: it has bits set after the prefix (the range is 10.9.0.0/24); write a list of ranges such as ["10.77.0.0/16"]
                warren.conf:18: warren.gateway: '10.0.0' is wrong: not four numbers with dots between; write an IPv4 address such as "10.77.0.1"
                warren.conf:19: warren.dns: it has 3 entries; write up to two IPv4 addresses, or []
                warren.conf:20: warren.tun: it must be a section; write tun { … }
                warren.conf:21: warren.udp.receive-buffer: 1KiB is not allowed; write a size such as 64KiB or 8MiB, from 65536 to 1073741824 octets
                warren.conf:22: warren.on-stop: it is a section; write a value
                warren.conf:23: warren.sesions: no such key; conf/application.conf shows every key""");
    }

    @Test
    void contradictionsAreMistakes() throws Exception {
        assertThat(mistakes("""
                warren.hide-avps = on
                warren.retransmit { initial = 20s, cap = 10s }
                warren.ppp.first-restart-timer = 5s
                warren.listen = ["127.0.0.1:1701", "127.0.0.1:1701"]
                warren.ppp.authentication = [pap, pap]
                warren.data-dir = users
                """)).isEqualTo("""
                warren.conf:1: warren.hide-avps: hiding needs a secret; set warren.tunnel-secret, or write off
                warren.conf:2: warren.retransmit.initial: it is longer than warren.retransmit.cap; write no more than the cap
                warren.conf:3: warren.ppp.first-restart-timer: it is longer than warren.ppp.restart-timer; write no more than the restart timer
                warren.conf:4: warren.listen: 127.0.0.1:1701 stands in it twice; write it once
                warren.conf:5: warren.ppp.authentication: a method stands in it twice; write each once, best first
                warren.conf:6: warren.data-dir: users is not a directory; write the path of a directory""");
    }

    @Test
    void theCapOfRetransmissionIsNoLessThanTheRfcsEightSeconds() throws Exception {
        assertThat(mistakes("warren.retransmit.cap = 4s"))
                .isEqualTo("warren.conf:1: warren.retransmit.cap: 4s is not allowed;"
                        + " write a time with its unit, from 8s to 300s");
    }

    @Test
    void aFileThatIsNotHoconIsOneMistakeWithItsLine() throws Exception {
        assertThat(mistakes("warren {\n  listen = [\n}\n"))
                .startsWith("warren.conf:3: ")
                .doesNotContain("\n");
    }

    @Test
    void aFileThatIsNotThereIsAMistake() {
        assertThatThrownBy(() -> SettingsReader.read(directory.resolve("none.conf")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("none.conf");
    }

    @Test
    void anUnknownSubstitutionIsAMistakeWithItsLine() throws Exception {
        assertThat(mistakes("warren.hostname = ${NO_SUCH_VARIABLE_HERE}"))
                .startsWith("warren.conf:1: ")
                .contains("NO_SUCH_VARIABLE_HERE");
    }

    @Test
    void nullAndASectionThatIsNoneAreMistakes() throws Exception {
        assertThat(mistakes("warren.hostname = null"))
                .isEqualTo("warren.conf:1: warren.hostname: it is null; write a value, or delete the line");
        assertThat(mistakes("warren = 5")).isEqualTo("warren.conf:1: warren: it must be a section; write warren { … }");
    }

    @Test
    void aMistakeInADefaultIsSaidToBeOne() throws Exception {
        Files.delete(directory.resolve("users"));
        assertThat(mistakes(""))
                .isEqualTo("embedded default: warren.users-file: there is no file users;"
                        + " write the path of a file in the format of chap-secrets");
    }

    @Test
    void aRelativePathOfTheFileIsShownAsItWasGiven() {
        Path relative = Path.of("src/test/java/io/warren/config/SettingsReaderTest.java");
        assertThatThrownBy(() -> SettingsReader.read(relative)).hasMessageStartingWith(relative + ":");
    }

    @Test
    void keysOfTheLibrariesAreLeftAlone() throws Exception {
        Configuration configuration = SettingsReader.read(file("akka.some.thing = 5"));
        assertThat(configuration.file().getInt("akka.some.thing")).isEqualTo(5);
    }

    @Test
    void aSecretIsNeverPrinted() throws Exception {
        assertThat(SettingsReader.read(file("warren.tunnel-secret = open-sesame")))
                .asString()
                .doesNotContain("open-sesame");
        assertThat(mistakes("warren.tunnel-secret { secret = open-sesame }")).doesNotContain("open-sesame");
        assertThat(mistakes("warren.tunnel-secret = [open-sesame]")).doesNotContain("open-sesame");
        assertThat(mistakes("warren.journal { database = postgresql, postgresql.url ="
                        + " \"jdbc:postgresql://db/warren?ssl=true&password=open-sesame\" }"))
                .contains("write it as journal.postgresql.password")
                .doesNotContain("open-sesame");
    }

    @Test
    void forwardingIsAsOneWouldWriteIt() throws Exception {
        Settings.Forwarding usual = read("").forwarding();
        assertThat(usual)
                .isEqualTo(new Settings.Forwarding(
                        0,
                        0,
                        Settings.DontFragment.CLEAR,
                        false,
                        true,
                        new Settings.Reorder(16, Duration.ofMillis(20))));
        Settings.Forwarding own = read("""
                warren.forwarding {
                  threads = 3
                  dscp = 46
                  dont-fragment = copy
                  length-bit = on
                  offloads = off
                  reorder { frames = 0, wait = 1s }
                }
                """).forwarding();
        assertThat(own)
                .isEqualTo(new Settings.Forwarding(
                        3,
                        46,
                        Settings.DontFragment.COPY,
                        true,
                        false,
                        new Settings.Reorder(0, Duration.ofSeconds(1))));
        assertThat(read("warren.forwarding.dscp = copy").forwarding().dscp()).isEqualTo(Settings.Forwarding.COPY_DSCP);
        assertThat(read("warren.forwarding.offloads = false").forwarding().offloads())
                .isFalse();
    }

    @Test
    void limitsOfCallsAreAsOperatorsSpeak() throws Exception {
        assertThat(read("").sessionLimits()).isEqualTo(RateLimits.NONE);
        assertThat(read("warren.session-limits { down = 20M, up = 5M, down-burst = 256K, packets = 20000 }")
                        .sessionLimits())
                .isEqualTo(new RateLimits(20_000_000, 5_000_000, 262_144, 0, 20_000));
    }

    @Test
    void timesOfCallsAndNetworksOfSubscribersOwn() throws Exception {
        assertThat(read("").sessionTimes()).isEqualTo(TimeLimits.NONE);
        assertThat(read("").tun().routes()).isEmpty();
        Settings settings = read("""
                warren.session-limits { session-timeout = 24h, idle-timeout = 30m }
                warren.ipv6.policy = allow
                warren.tun.routes = ["198.51.100.0/24", "2001:db8:100::/40"]
                """);
        assertThat(settings.sessionTimes()).isEqualTo(new TimeLimits(Duration.ofHours(24), Duration.ofMinutes(30)));
        assertThat(settings.tun().routes())
                .containsExactly(AddressPrefix.parse("198.51.100.0/24"), AddressPrefix.parse("2001:db8:100::/40"));
        assertThat(mistakes("""
                warren.session-limits.session-timeout = 8
                warren.tun.routes = ["0.0.0.0/0"]
                """)).contains("warren.conf:1: ", "warren.conf:2: ");
        assertThat(mistakes("warren.session-limits.idle-timeout = 500ms")).contains("it is less than a second");
        assertThat(mistakes("warren.tun.routes = [\"2001:db8:100::/40\"]")).contains("warren.ipv6.policy = allow");
        assertThat(mistakes("warren.tun.routes = [\"10.9.0.0/24\", \"10.9.0.0/24\"]"))
                .contains("twice");
    }

    @Test
    void mistakesInForwardingAndLimitsSayWhatWouldBeRight() throws Exception {
        assertThat(mistakes("""
                warren.session-limits { down = 20
                  up-burst = 1K }
                warren.forwarding { threads = 65
                  dscp = 64
                  dont-fragment = yes
                  offloads = on }
                """)).isEqualTo("""
                warren.conf:1: warren.session-limits.down: '20' is wrong: down is off, or bits a second from 8k to 64G, such as 20M; write off, or bits a second from 8k to 64G, such as 20M
                warren.conf:2: warren.session-limits.up-burst: '1K' is wrong: up-burst is auto, or octets from 9000 to 1024M, such as 256K; write auto, or octets from 9000 to 1024M, such as 256K
                warren.conf:3: warren.forwarding.threads: '65' is wrong: not a number from 1 to 64; write auto, or a number from 1 to 64
                warren.conf:4: warren.forwarding.dscp: '64' is wrong: not a number from 0 to 63; write none, copy, or a number from 0 to 63
                warren.conf:5: warren.forwarding.dont-fragment: 'yes' is wrong: no such word; write clear, set or copy
                warren.conf:6: warren.forwarding.offloads: 'on' is wrong: no such word; write auto or off
                """.stripTrailing());
    }

    @Test
    void ipv6IsOffUnlessAllowedAndHasPoolsOfItsOwn() throws Exception {
        Settings.Ipv6Service usual = read("").ipv6();
        assertThat(usual.allowed()).isFalse();
        assertThat(usual.gateway()).hasToString("fd77::1");
        assertThat(PrefixPlan.of(usual)).isEqualTo(PrefixPlan.NONE);
        Settings.Ipv6Service own = read("""
                warren.ipv6 {
                  policy = allow
                  pools { default = ["2001:db8:1000::/40"], office = ["2001:db8:1100::/48"] }
                  delegated-pools.default = []
                  dns = ["2001:db8::53"]
                }
                """).ipv6();
        assertThat(own.allowed()).isTrue();
        assertThat(PrefixPlan.of(own).pools()).containsOnlyKeys("ipv6/default", "ipv6/office");
        assertThat(own.dns()).hasToString("[2001:db8::53]");
    }

    @Test
    void mistakesInIpv6SayWhatWouldBeRight() throws Exception {
        assertThat(mistakes("""
                warren.ipv6 {
                  policy = on
                  gateway = "fe80::1"
                  pools { default = ["2001:db8:1000::/36"], office = ["fd77:1:2::/48"], shop = ["2001:db8:100::/40"] }
                  delegated-pools { default = ["fd77:1::/32"], far = ["2001:db8::/60"] }
                  dns = [10.0.0.1]
                  lifetime = 1s
                }
                """)).isEqualTo("""
                warren.conf:2: warren.ipv6.policy: 'on' is wrong: no such word; write off or allow
                warren.conf:3: warren.ipv6.gateway: 'fe80::1' is wrong: no host can have this address; write an IPv6 address such as "2001:db8::1"
                warren.conf:4: warren.ipv6.pools.default: 2001:db8:1000::/36 cannot be cut into prefixes of 64 bits; write ranges of /40 to /64
                warren.conf:5: warren.ipv6.delegated-pools.default: fd77:1::/32 overlaps fd77:1:2::/48 of warren.ipv6.pools.office; a prefix may be in one range only
                warren.conf:5: warren.ipv6.delegated-pools.far: 2001:db8::/60 cannot be cut into prefixes of 56 bits; write ranges of /32 to /56
                warren.conf:6: warren.ipv6.dns: '10.0.0.1' is wrong: not an IPv6 address; write up to two IPv6 addresses, or []
                warren.conf:7: warren.ipv6.lifetime: 1s is not allowed; write a time with its unit, from 120s to 365d""");
    }
}
