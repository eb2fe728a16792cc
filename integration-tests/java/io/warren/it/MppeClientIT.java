package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real Linux client, pppd and the kernel's ppp_mppe, calls a node that requires MPPE; keys are ours, or FreeRADIUS's. */
@SuppressWarnings("NullAway.Init")
class MppeClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CAROL = "carol";
    private static final String PASSWORD = "wonderland";
    private static final String CORE = "2001:db8:ffff::2";

    private static final String SETTINGS = """
            warren.ppp { mppe = require, mppe-bits = [128, 40] }
            warren.radius {
              servers.one { address = "127.0.0.1", secret = "%s", message-authenticator = require }
              local-users = before
            }
            warren.ipv6 {
              policy = allow
              pools.default = ["2001:db8:1::/48"]
              gateway = "2001:db8::1"
            }
            """;

    @RegisterExtension
    static final Lab LAB = Lab.withNodeAndLinux();

    static WarrenNode node;
    static Guest guest;
    static LinuxClient client;

    @BeforeAll
    static void start() {
        Means.require(Means.FREERADIUS);
        Topology topology = LAB.topology();
        topology.in("lns", "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        topology.in("lns", "ip", "address", "add", "2001:db8:ffff::1/64", "dev", "core0", "nodad");
        topology.in("core", "ip", "address", "add", CORE + "/64", "dev", "up0", "nodad");
        topology.in("core", "ip", "route", "add", "default", "via", "2001:db8:ffff::1");
        LAB.owning(FreeRadius.start(topology, CAROL + " Cleartext-Password := \"" + PASSWORD + "\"\n"));
        node = LAB.owning(
                WarrenNode.start(topology, WarrenNode.Settings.PLAIN.with(SETTINGS.formatted(FreeRadius.SECRET))));
        guest = LAB.owning(Guest.boot(topology));
        client = new LinuxClient(guest);
    }

    @AfterEach
    void hangUp() {
        client.hangUp();
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
    }

    @ParameterizedTest
    @CsvSource({"carol, wonderland, 128", "carol, wonderland, 40", "alice, wonderland, 128"})
    void packetsGoEncryptedBothWays(String user, String password, int bits) {
        LinuxClient.Dial dial =
                dial(user + "-" + bits, user, user.equals(WarrenNode.USER) ? WarrenNode.PASSWORD : password);
        connect(dial, "require-mppe-" + bits);

        assertThat(client.pppdLog(dial)).contains("MPPE " + bits + "-bit stateless compression enabled");
        assertThat(ping("-c 20 -i 0.05")).isEqualTo(20);
        // 1400 less what MPPE adds: the largest that fits
        assertThat(ping("-c 3 -i 0.1 -M do -s " + (1_396 - 28))).isEqualTo(3);
        Process server = LAB.topology().startIn("core", "iperf3.log", "iperf3", "-s");
        Await.until(
                "iperf3 listens",
                PATIENCE,
                () -> LAB.topology().in("core", "ss", "-Hltn", "sport = 5201").contains("5201"));
        String up = guest.run(PATIENCE, "iperf3 -f k -t 2 -c " + Topology.CORE_ADDRESS);
        String down = guest.run(PATIENCE, "iperf3 -f k -t 2 -R -c " + Topology.CORE_ADDRESS);
        Shell.stop(server, Duration.ofSeconds(2));
        assertThat(up).contains("receiver");
        assertThat(down).contains("receiver");
    }

    /** Router Advertisements come from the control plane: they have to be encrypted, too. */
    @Test
    void ipv6IsEncryptedToo() {
        LinuxClient.Dial dial = dial("six", WarrenNode.USER, WarrenNode.PASSWORD);
        assertThat(client.dial(dial, "options=require-mppe-128;+ipv6", "until=up6")
                        .up())
                .isTrue();
        Await.until(
                "the client has an address of the announced prefix",
                PATIENCE,
                () -> guest.run(PATIENCE, "ip -6 -o addr show dev ppp0 scope global")
                        .contains("2001:db8:1:"));
        assertThat(Ping.of(guest.attempt(PATIENCE, "ping -c 5 -i 0.1 -W 2 " + CORE)
                                .output())
                        .answered())
                .hasSize(5);
    }

    @Test
    void aClientThatCannotIsHungUpOn() {
        LinuxClient.Dial dial = dial("clear", WarrenNode.USER, WarrenNode.PASSWORD);
        assertThat(client.dial(dial).up()).isFalse();
        Await.until("the log says why", PATIENCE, () -> node.log().contains("MPPE is required"));
    }

    /** The keys are in no journal: PPP begins again, and the call goes on with its address. */
    @Test
    void aCallGoesOnWhenTheNodeIsKilledAndStarted() {
        LinuxClient.Dial dial = dial("restart", CAROL, PASSWORD);
        connect(dial, "require-mppe-128");
        String address = onlyAddress();
        assertThat(ping("-c 3 -i 0.1")).isEqualTo(3);

        node.kill();
        node.start();

        Await.until("packets get through again", PATIENCE, () -> {
            guest.attempt(PATIENCE, "ip route replace 198.51.100.0/24 dev ppp0");
            return ping("-c 1 -W 1") == 1;
        });
        assertThat(onlyAddress()).isEqualTo(address);
        assertThat(client.pppdLog(dial)).doesNotContain("Connection terminated");
    }

    @Test
    void ourOwnClientSpeaksItToo() {
        for (String policy : List.of("allow", "prefer", "require")) {
            Shell.Result result = dialOwn("--mppe", policy);
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output()).contains("MPPE with 128 bits").contains("5 sent, 5 received");
        }
        assertThat(dialOwn("--mppe", "off").status()).isOne();
    }

    private static Shell.Result dialOwn(String... more) {
        try {
            Path file = LAB.topology().folder.resolve("password");
            Files.writeString(file, PASSWORD + "\n");
            List<String> words = new ArrayList<>(List.of(
                    WarrenNode.PROGRAM.toString(),
                    "dial",
                    Topology.LNS_ADDRESS,
                    "--user",
                    CAROL,
                    "--password-file",
                    file.toString(),
                    "--ping",
                    WarrenNode.GATEWAY,
                    "--count",
                    "5"));
            words.addAll(List.of(more));
            return LAB.topology().attemptIn("lac", PATIENCE, words.toArray(new String[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void connect(LinuxClient.Dial dial, String option) {
        LinuxClient.Outcome outcome = client.dial(dial, "options=" + option);
        assertThat(outcome.up()).as(client.pppdLog(dial)).isTrue();
        guest.run(PATIENCE, "ip route replace 198.51.100.0/24 dev ppp0");
    }

    private static String onlyAddress() {
        List<JsonNode> sessions = node.sessionsOf(CAROL);
        assertThat(sessions).hasSize(1);
        return sessions.getFirst().path("address").asText();
    }

    private static LinuxClient.Dial dial(String name, String user, String password) {
        return new LinuxClient.Dial(name, user, password, "mschap-v2", "kernel", null);
    }

    private static int ping(String options) {
        return Ping.of(guest.attempt(PATIENCE, "ping -W 2 " + options + " " + Topology.CORE_ADDRESS)
                        .output())
                .answered()
                .size();
    }
}
