package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Linux client, xl2tpd and pppd, proves who it is by EAP: to FreeRADIUS through the node, or to the node itself. */
@SuppressWarnings("NullAway.Init")
class EapClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PASSWORD = "wonderland";

    /** A user for each method. */
    private static final String USERS = """
            md5 Cleartext-Password := "wonderland", EAP-Type := MD5
                  Framed-IP-Address = 10.64.100.4
            mschapv2 Cleartext-Password := "wonderland", EAP-Type := MSCHAPv2
                  Framed-IP-Address = 10.64.100.26
            tls EAP-Type := TLS
                  Framed-IP-Address = 10.64.100.13
            router Cleartext-Password := "wonderland", EAP-Type := MD5
                  Framed-IP-Address = 10.64.100.5,
                  Framed-Route = "203.0.113.0/24 0.0.0.0 1",
                  Framed-Route += "100.64.8.0/22 10.64.100.5",
                  Framed-IPv6-Route = "2001:db8:9000::/36 :: 1"
            """;

    private static final String EAP = """
            warren.ppp.authentication = [eap]
            warren.radius.servers.one { address = "127.0.0.1", secret = "%s" }
            warren.tun.routes = ["203.0.113.0/24", "100.64.0.0/16", "2001:db8:9000::/36"]
            warren.ipv6.policy = allow
            """;

    @RegisterExtension
    static final Lab LAB = Lab.withNodeAndLinux();

    static FreeRadius server;
    static WarrenNode node;
    static Guest guest;
    static LinuxClient client;

    @BeforeAll
    static void start() {
        Means.require(Means.FREERADIUS, Means.OPENSSL);
        LAB.topology().in("lns", "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        LAB.topology().in("lns", "ip", "address", "add", "2001:db8:ffff::1/64", "dev", "core0", "nodad");
        LAB.topology().in("core", "ip", "address", "add", "2001:db8:ffff::2/64", "dev", "up0", "nodad");
        LAB.topology().in("core", "ip", "route", "add", "default", "via", "2001:db8:ffff::1");
        server = LAB.owning(FreeRadius.start(LAB.topology(), USERS));
        node = LAB.owning(
                WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN.with(EAP.formatted(FreeRadius.SECRET))));
        guest = LAB.owning(Guest.boot(LAB.topology()));
        client = new LinuxClient(guest);
    }

    @AfterEach
    void hangUp() {
        client.hangUp();
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"md5", "mschapv2"})
    void aMethodWithAPasswordPassesThrough(String method) {
        try (Capture capture = Capture.start(LAB.topology(), method)) {
            LinuxClient.Dial right = dial(method, method, PASSWORD);
            LinuxClient.Outcome outcome = client.connect(right);

            assertThat(outcome.fact("address")).startsWith("10.64.100.");
            assertThat(client.pppdLog(right)).contains("sent [EAP Response").contains("rcvd [EAP Success");
            assertThat(pingCore()).isEqualTo(3);
            client.hangUp();

            LinuxClient.Dial wrong = dial(method + "-wrong", method, "looking-glass");
            assertThat(client.dial(wrong).up()).isFalse();
            assertThat(client.pppdLog(wrong)).contains("rcvd [LCP TermReq").doesNotContain("rcvd [EAP Success");
            capture.stop();
            assertThat(capture.malformed()).isEmpty();
        }
        assertThat(server.accounting(method, "Start"))
                .as("only the right one was let in")
                .hasSize(1);
    }

    /** Certificates in several pieces each way: long packets, many rounds. */
    @Test
    void tlsPassesThrough() {
        Path folder = server.certificates();
        List<String> options = new ArrayList<>();
        for (String one : List.of("ca", "cert", "key")) {
            options.add(one + " " + folder.resolve((one.equals("ca") ? "ca" : "client-" + one) + ".pem"));
        }
        LinuxClient.Dial dial = dial("tls", "tls", PASSWORD);

        LinuxClient.Outcome outcome = client.dial(dial, "options=" + String.join(";", options));

        assertThat(outcome.up()).as(client.pppdLog(dial)).isTrue();
        assertThat(outcome.fact("address")).isEqualTo("10.64.100.13");
        assertThat(client.pppdLog(dial)).contains("rcvd [EAP Success");
    }

    @Test
    void aUserOfTheUsersFileProvesHimselfToTheNodeWithMd5() {
        LinuxClient.Dial dial = dial("local", WarrenNode.USER, WarrenNode.PASSWORD);
        LinuxClient.Outcome outcome = client.connect(dial);

        assertThat(outcome.fact("address")).startsWith(WarrenNode.POOL_PREFIX);
        assertThat(client.pppdLog(dial)).contains("MD5").contains("rcvd [EAP Success");
        assertThat(pingCore()).isEqualTo(3);
        client.hangUp();
        assertThat(client.dial(dial("local-wrong", WarrenNode.USER, "looking-glass"))
                        .up())
                .isFalse();
    }

    /** Framed-Route and Framed-IPv6-Route, with addresses on the client's loopback for the hosts behind it. */
    @Test
    void networksBehindTheClientAreReachedFromOutside() {
        LinuxClient.Dial dial = dial("router", "router", PASSWORD);
        assertThat(client.dial(dial, "options=+ipv6", "until=up6").up())
                .as(client.pppdLog(dial))
                .isTrue();
        guest.run(
                PATIENCE,
                "ip addr add 203.0.113.9/32 dev lo; ip addr add 100.64.11.9/32 dev lo;"
                        + " ip -6 addr add 2001:db8:9abc::9/128 dev lo nodad;"
                        + " ip addr add 192.0.2.9/32 dev lo; ip route replace 198.51.100.0/24 dev ppp0;"
                        + " ip -6 route replace 2001:db8:ffff::/64 dev ppp0");

        for (String behind : List.of("203.0.113.9", "100.64.11.9", "2001:db8:9abc::9")) {
            assertThat(received(LAB.topology()
                            .attemptIn("core", PATIENCE, "ping", "-c", "3", "-i", "0.2", "-W", "2", behind)))
                    .as(behind)
                    .isEqualTo(3);
        }
        String ping = "ping -c 2 -i 0.2 -W 1 -I %s " + Topology.CORE_ADDRESS;
        assertThat(received(guest.attempt(PATIENCE, ping.formatted("203.0.113.9"))))
                .as("from a host behind")
                .isEqualTo(2);
        assertThat(received(guest.attempt(PATIENCE, ping.formatted("192.0.2.9"))))
                .as("from an address that is nobody's")
                .isZero();
        assertThat(node.sessionsOf("router").getFirst().get("networks").toString())
                .contains("203.0.113.0/24")
                .contains("100.64.8.0/22");
    }

    private static int received(Shell.Result ping) {
        return Ping.of(ping.output()).answered().size();
    }

    private static LinuxClient.Dial dial(String name, String user, String password) {
        return new LinuxClient.Dial(name, user, password, "eap", "kernel", null);
    }

    private static int pingCore() {
        String output = guest.attempt(PATIENCE, "ping -c 3 -i 0.2 -W 2 " + Topology.CORE_ADDRESS)
                .output();
        var received = Pattern.compile("(\\d+) received").matcher(output);
        return received.find() ? Integer.parseInt(received.group(1)) : 0;
    }
}
