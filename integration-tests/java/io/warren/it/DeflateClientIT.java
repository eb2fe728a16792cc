package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Linux client, pppd and the kernel's ppp_deflate, calls a node that prefers compressed packets. */
@SuppressWarnings("NullAway.Init")
class DeflateClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Octets of what ping sends, and what is left of them and all headers when both ends look back. */
    private static final int PING = 1_000;

    private static final int COMPRESSED = 400;

    /** One in five packets of the tunnel, either way. */
    private static final String LOSSES = """
            add table ip losses
            add chain ip losses in { type filter hook input priority 0; }
            add chain ip losses out { type filter hook output priority 0; }
            add rule ip losses in udp dport 1701 numgen random mod 5 == 0 drop
            add rule ip losses out udp sport 1701 numgen random mod 5 == 0 drop
            """;

    @RegisterExtension
    static final Lab LAB = Lab.withNodeAndLinux();

    static WarrenNode node;
    static Guest guest;
    static LinuxClient client;

    @BeforeAll
    static void start() {
        Topology topology = LAB.topology();
        node = LAB.owning(WarrenNode.start(
                topology, WarrenNode.Settings.PLAIN.with("warren.ppp { deflate = prefer, deflate-calls = 10 }")));
        guest = LAB.owning(Guest.boot(topology));
        client = new LinuxClient(guest);
    }

    @AfterEach
    void hangUp() {
        client.hangUp();
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
    }

    @Test
    void packetsAreCompressedBothWaysAndACallOutlivesTheNode() {
        LinuxClient.Dial dial = dial("deflate");
        // A node may take its time to start: pppd must not give up meanwhile.
        connect(dial, "deflate 15,15;lcp-echo-failure 100");
        Await.until("CCP is open", PATIENCE, () -> enabled(dial) == 1);
        assertThat(client.pppdLog(dial)).contains("Deflate (15) compression enabled");
        try (Capture capture = Capture.start(LAB.topology(), "deflate")) {
            assertThat(ping("-c 20 -i 0.05 -s " + PING)).isEqualTo(20);
            capture.stop();
            for (String from : List.of("ip.src == ", "ip.dst == ")) {
                List<String> data = capture.field(from + Topology.LNS_ADDRESS + " && l2tp.type == 0", "udp.length");
                assertThat(data).hasSizeGreaterThan(4);
                // Of the first there is nothing to look back on.
                assertThat(data.stream().filter(length -> Integer.parseInt(length) > COMPRESSED))
                        .as("%s%s: %s", from, Topology.LNS_ADDRESS, data)
                        .hasSizeLessThan(2);
            }
        }
        tcp();
        lossesAreGotOver(dial);

        int before = enabled(dial);
        node.kill();
        node.start();
        Await.until("packets get through again", PATIENCE, () -> ping("-c 1 -W 1 -s " + PING) == 1);
        Await.until("they are compressed again", PATIENCE, () -> enabled(dial) > before);
        assertThat(ping("-c 10 -i 0.05 -s " + PING)).isGreaterThanOrEqualTo(9);
        assertThat(client.pppdLog(dial)).doesNotContain("Connection terminated").doesNotContain("Lost compression");
    }

    /** Both ends notice what is missing, and begin anew. */
    private static void lossesAreGotOver(LinuxClient.Dial dial) {
        LAB.topology().in("lns", "nft", LOSSES);
        Await.until("both have begun anew", PATIENCE, () -> {
            ping("-c 10 -i 0.02 -W 1 -s " + PING);
            String log = client.pppdLog(dial);
            return log.contains("sent [CCP ResetReq")
                    && log.contains("rcvd [CCP ResetAck")
                    && log.contains("rcvd [CCP ResetReq")
                    && log.contains("sent [CCP ResetAck");
        });
        LAB.topology().in("lns", "nft", "delete table ip losses");
        Await.until("nothing is lost any more", PATIENCE, () -> ping("-c 5 -i 0.1 -W 1 -s " + PING) == 5);
    }

    private static void tcp() {
        Process server = LAB.topology().startIn("core", "iperf3.log", "iperf3", "-s");
        Await.until(
                "iperf3 listens",
                PATIENCE,
                () -> LAB.topology().in("core", "ss", "-Hltn", "sport = 5201").contains("5201"));
        String up = guest.run(PATIENCE, "iperf3 -f k -t 1 --repeating-payload -c " + Topology.CORE_ADDRESS);
        String down = guest.run(PATIENCE, "iperf3 -f k -t 1 -R --repeating-payload -c " + Topology.CORE_ADDRESS);
        Shell.stop(server, Duration.ofSeconds(2));
        assertThat(up).contains("receiver");
        assertThat(down).contains("receiver");
    }

    @Test
    void aClientWithoutItIsServedInTheClear() {
        LinuxClient.Dial dial = dial("clear");
        client.connect(dial);
        assertThat(ping("-c 3 -i 0.1")).isEqualTo(3);
        assertThat(client.pppdLog(dial)).doesNotContain("compression enabled");
    }

    /** How often pppd has said that CCP has opened. */
    private static int enabled(LinuxClient.Dial dial) {
        return client.pppdLog(dial).split("compression enabled", -1).length - 1;
    }

    private static void connect(LinuxClient.Dial dial, String option) {
        LinuxClient.Outcome outcome = client.dial(dial, "options=" + option);
        assertThat(outcome.up()).as(client.pppdLog(dial)).isTrue();
        guest.run(PATIENCE, "ip route replace 198.51.100.0/24 dev ppp0");
    }

    private static LinuxClient.Dial dial(String name) {
        return new LinuxClient.Dial(name, WarrenNode.USER, WarrenNode.PASSWORD, "mschap-v2", "kernel", null);
    }

    private static int ping(String options) {
        return Ping.of(guest.attempt(PATIENCE, "ping -W 2 " + options + " " + Topology.CORE_ADDRESS)
                        .output())
                .answered()
                .size();
    }
}
