package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Linux client, pppd with IPv6CP, the kernel's SLAAC and a DHCPv6 client, calls a node that allows IPv6. */
@SuppressWarnings("NullAway.Init")
class Ipv6ClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LINKS = "2001:db8:1:";
    private static final String NETWORKS = "2001:db8:8";
    private static final String CORE = "2001:db8:ffff::2";
    private static final Pattern ADDRESS = Pattern.compile("inet6 (" + LINKS + "[0-9a-f:]+)/64 scope global");
    /** What pppd says of us. */
    private static final Pattern PEER = Pattern.compile("remote LL address (fe80::[0-9a-f:]+)");

    private static final String IPV6 = """
            warren.ipv6 {
              policy = allow
              pools.default = ["2001:db8:1::/48"]
              delegated-pools.default = ["2001:db8:8000::/36"]
              gateway = "2001:db8::1"
              dns = ["2001:db8::53"]
            }""";

    @RegisterExtension
    static final Lab LAB = Lab.withNodeAndLinux();

    static WarrenNode node;
    static Guest guest;
    static LinuxClient client;

    @BeforeAll
    static void start() {
        Topology topology = LAB.topology();
        topology.in("lns", "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        topology.in("lns", "ip", "address", "add", "2001:db8:ffff::1/64", "dev", "core0", "nodad");
        topology.in("core", "ip", "address", "add", CORE + "/64", "dev", "up0", "nodad");
        topology.in("core", "ip", "route", "add", "default", "via", "2001:db8:ffff::1");
        node = LAB.owning(WarrenNode.start(topology, WarrenNode.Settings.PLAIN.with(IPV6)));
        guest = LAB.owning(Guest.boot(topology));
        client = new LinuxClient(guest);
    }

    @AfterEach
    void hangUp() {
        guest.attempt(
                PATIENCE, "kill $(cat /run/dhcp6c.pid); ip link del lan0; sysctl -qw net.ipv6.conf.all.forwarding=0");
        client.hangUp();
        Await.until(
                "the call is off the list",
                PATIENCE,
                () -> node.sessionsOf(WarrenNode.USER).isEmpty());
    }

    @Test
    void aDualStackClientHasLinkLocalAndGlobalAddressesAndReachesAHostBehind() {
        LinuxClient.Dial dial = dial("dual");
        assertThat(client.dial(dial, "options=+ipv6", "until=up6").up()).isTrue();

        assertThat(ping(linkLocal(dial) + "%ppp0")).isEqualTo(3);
        String address = globalAddress();
        assertThat(ping(CORE)).isEqualTo(3);
        assertThat(pingFromCore(address)).isEqualTo(3);
        guest.run(PATIENCE, "ip route replace 198.51.100.0/24 dev ppp0");
        assertThat(ping(Topology.CORE_ADDRESS)).as("IPv4 beside it").isEqualTo(3);
    }

    @Test
    void tcpOverIpv6RunsBothWays() {
        assertThat(client.dial(dial("tcp"), "options=+ipv6", "until=up6").up()).isTrue();
        globalAddress();
        Process server = LAB.topology().startIn("core", "iperf3.log", "iperf3", "-s");
        Await.until(
                "iperf3 listens",
                PATIENCE,
                () -> LAB.topology().in("core", "ss", "-Hltn", "sport = 5201").contains("5201"));

        String up = guest.run(PATIENCE, "iperf3 -f k -t 2 -c " + CORE);
        String down = guest.run(PATIENCE, "iperf3 -f k -t 2 -R -c " + CORE);
        Shell.stop(server, Duration.ofSeconds(2));

        assertThat(up).contains("receiver");
        assertThat(down).contains("receiver");
    }

    @Test
    void anIpv6OnlyClientKeepsIpv6() {
        LinuxClient.Dial dial = dial("only");
        assertThat(client.dial(dial, "options=+ipv6;noip", "until=up6").up()).isTrue();

        globalAddress();
        assertThat(ping(CORE)).isEqualTo(3);
        assertThat(guest.run(PATIENCE, "ip -4 -o addr show dev ppp0")).isBlank();
        assertThat(node.sessionsOf(WarrenNode.USER)).hasSize(1);
    }

    @Test
    void aClientThatRefusesIpv6cpKeepsIpv4() {
        LinuxClient.Dial dial = dial("four");
        assertThat(client.dial(dial, "options=noipv6").up()).isTrue();
        guest.run(PATIENCE, "ip route replace 198.51.100.0/24 dev ppp0");

        assertThat(client.pppdLog(dial)).contains("sent [LCP ProtRej").contains("80 57");
        assertThat(ping(Topology.CORE_ADDRESS)).isEqualTo(3);
        assertThat(guest.run(PATIENCE, "ip -6 -o addr show dev ppp0 scope global"))
                .isBlank();
    }

    @Test
    void aDelegatedPrefixIsReachableFromEndToEnd() {
        assertThat(client.dial(dial("pd"), "options=+ipv6", "until=up6").up()).isTrue();
        globalAddress();
        // In this order: a router forgets what it was advertised, but for accept_ra = 2.
        guest.run(
                PATIENCE,
                "ip link add lan0 type dummy && ip link set lan0 up && sysctl -qw net.ipv6.conf.ppp0.accept_ra=2"
                        + " net.ipv6.conf.all.forwarding=1");
        guest.run(PATIENCE, """
                printf '%s\\n' 'interface ppp0 { send ia-pd 0; request domain-name-servers; };' \
                  'id-assoc pd 0 { prefix-interface lan0 { sla-id 5; sla-len 8; ifid 1; }; };' > /run/dhcp6c.conf
                mkdir -p /run/dhcp6 && mount --bind /run/dhcp6 /var/lib/dhcpv6
                printf '\\x0a\\x00\\x00\\x03\\x00\\x01\\x02\\x00\\x00\\x00\\x00\\x01' > /run/dhcp6/dhcp6c_duid
                dhcp6c -c /run/dhcp6c.conf -p /run/dhcp6c.pid ppp0
                """);
        Await.until(
                "the network behind the client has its prefix",
                PATIENCE,
                () -> guest.run(PATIENCE, "ip -6 -o addr show dev lan0 scope global")
                        .contains("inet6 " + NETWORKS));
        String shown = guest.run(PATIENCE, "ip -6 -o addr show dev lan0 scope global");
        Matcher matcher =
                Pattern.compile("inet6 (" + NETWORKS + "[0-9a-f:]+)/64").matcher(shown);
        assertThat(matcher.find()).as(shown).isTrue();

        assertThat(pingFromCore(matcher.group(1))).isEqualTo(3);
        Shell.Result spoofed = guest.attempt(
                PATIENCE,
                "ip addr add 2001:db8:7777::1/128 dev lan0 nodad; ping -c 2 -W 1 -I 2001:db8:7777::1 " + CORE);
        assertThat(Ping.of(spoofed.output()).answered())
                .as("a source that is not his")
                .isEmpty();
    }

    @Test
    void allGoesOnAfterTheNodeWasKilled() {
        assertThat(client.dial(dial("killed"), "options=+ipv6", "until=up6").up())
                .isTrue();
        String address = globalAddress();
        assertThat(ping(CORE)).isEqualTo(3);

        node.kill();
        node.start();

        assertThat(ping(CORE)).isEqualTo(3);
        assertThat(pingFromCore(address)).isEqualTo(3);
    }

    private static LinuxClient.Dial dial(String name) {
        return new LinuxClient.Dial(name, WarrenNode.USER, WarrenNode.PASSWORD, "chap", "kernel", null);
    }

    /** Waits for what the Router Advertisement brings. */
    private static String globalAddress() {
        Await.until(
                "a global address by SLAAC",
                PATIENCE,
                () -> ADDRESS.matcher(guest.run(PATIENCE, "ip -6 -o addr show dev ppp0"))
                        .find());
        Matcher matcher = ADDRESS.matcher(guest.run(PATIENCE, "ip -6 -o addr show dev ppp0"));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String linkLocal(LinuxClient.Dial dial) {
        Matcher matcher = PEER.matcher(client.pppdLog(dial));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static int ping(String address) {
        Shell.Result result = guest.attempt(PATIENCE, "ping -c 3 -i 0.2 -W 2 " + address);
        return Ping.of(result.output()).answered().size();
    }

    private static int pingFromCore(String address) {
        Shell.Result result =
                LAB.topology().attemptIn("core", PATIENCE, "ping", "-c", "3", "-i", "0.2", "-W", "2", address);
        return Ping.of(result.output()).answered().size();
    }
}
