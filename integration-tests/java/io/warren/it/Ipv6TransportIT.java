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

/**
 * Tunnels over IPv6: {@code warren dial} calls a node that listens on the wildcards of both families, and Wireshark's
 * dissector judges what is on the wire. There is no other client: xl2tpd 1.3.18 speaks IPv4 only.
 */
@SuppressWarnings("NullAway.Init")
class Ipv6TransportIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LAC = "2001:db8:92::2";

    /** Of two addresses of the node the one that the kernel does not choose by itself. */
    private static final String LNS = "2001:db8:92::9";

    private static final String OTHER_LNS = "2001:db8:92::1";
    private static final String EXPEDITED = "0xb8";

    @RegisterExtension
    static final Lab LAB = Lab.withNode();

    static WarrenNode node;

    @BeforeAll
    static void start() {
        Topology topology = LAB.topology();
        topology.in("lns", "ip", "address", "add", LNS + "/64", "dev", "lac0", "nodad", "preferred_lft", "0");
        topology.in("lns", "ip", "address", "add", OTHER_LNS + "/64", "dev", "lac0", "nodad");
        topology.in("lac", "ip", "address", "add", LAC + "/64", "dev", "up0", "nodad");
        node = LAB.owning(WarrenNode.start(topology, WarrenNode.Settings.PLAIN.with("""
                warren.listen = ["0.0.0.0:1701", "[::]:1701"]
                warren.forwarding.dscp = 46
                """)));
    }

    @AfterEach
    void allCallsAreOver() {
        Await.until(
                "the call is off the list",
                PATIENCE,
                () -> node.sessionsOf(WarrenNode.USER).isEmpty());
    }

    @Test
    void aCallOverIpv6IsAnsweredFromTheAddressThatItSpokeToAndSoundOnTheWire() {
        try (Capture capture = Capture.start(LAB.topology(), "ipv6-dial")) {
            for (String host : List.of("[" + LNS + "]:1701", Topology.LNS_ADDRESS)) {
                Shell.Result result = LAB.topology()
                        .attemptIn("lac", PATIENCE, words(host, "--ping", Topology.CORE_ADDRESS, "--count", "5"));
                assertThat(result.status()).as(result.output()).isZero();
            }
            capture.stop();
            assertThat(capture.malformed()).isEmpty();
            assertThat(capture.frames("ipv6 && l2tp.avp.message_type == " + Capture.STOP_CCN))
                    .isNotEmpty();
            assertThat(capture.field("ipv6 && l2tp && ipv6.dst == " + LAC, "ipv6.src"))
                    .isNotEmpty()
                    .containsOnly(LNS);
            assertThat(capture.checkedField("ipv6 && l2tp", "udp.checksum.status"))
                    .isNotEmpty()
                    .containsOnly("1");
            assertThat(capture.frames("ipv6 && udp.checksum == 0")).isEmpty();
            // The answers to the pings; PPP's own frames are best effort.
            assertThat(capture.field("l2tp && icmp && ipv6.src == " + LNS, "ipv6.tclass"))
                    .hasSize(5)
                    .allSatisfy(octet -> assertThat(Integer.decode(octet)).isEqualTo(Integer.decode(EXPEDITED)));
        }
        JsonNode forwarding = node.get("/l2tp/forwarding").orElseThrow().body();
        for (JsonNode drop : forwarding.path("drops")) {
            if (List.of("wrong-peer", "send-failed", "no-socket", "link-local-peer")
                    .contains(drop.path("reason").asText())) {
                assertThat(drop.path("packets").asLong()).as(drop.toString()).isZero();
            }
        }
    }

    /** The client's MRU is 1400; around such a packet IPv6 has 60 octets of headers. */
    @Test
    void aWholeHostUsesTheCallAlsoWhereItsPacketsMustBeFragmented() {
        Process dial = LAB.topology().startIn("lac", "ipv6-dial.log", words("[" + LNS + "]", "--tun", "call0"));
        Await.until(
                "the call's interface has its address",
                PATIENCE,
                () -> LAB.topology()
                        .attemptIn("lac", PATIENCE, "ip", "-4", "-o", "address", "show", "dev", "call0")
                        .output()
                        .contains(WarrenNode.POOL_PREFIX));
        LAB.topology().in("lac", "ip", "route", "add", "198.51.100.0/24", "dev", "call0");

        try (Capture capture = Capture.start(LAB.topology(), "ipv6-tun")) {
            assertThat(Ping.of(ping()).answered()).hasSize(20);
            capture.stop();
            assertThat(capture.malformed()).isEmpty();
            assertThat(capture.frames("ipv6.fraghdr")).isEmpty();
        }
        setMtu("1300");
        try {
            assertThat(Ping.of(ping()).answered()).as("larger than the link").hasSize(20);
        } finally {
            setMtu("1500");
        }
        Shell.stop(dial, Duration.ofSeconds(10));
    }

    private static void setMtu(String octets) {
        LAB.topology().in("lns", "ip", "link", "set", "lac0", "mtu", octets);
        LAB.topology().in("lac", "ip", "link", "set", "up0", "mtu", octets);
    }

    /** Packets of 1400 octets. */
    private static String ping() {
        return LAB.topology()
                .in("lac", "ping", "-c", "20", "-i", "0.02", "-W", "2", "-s", "1372", Topology.CORE_ADDRESS);
    }

    private static String[] words(String host, String... more) {
        List<String> words = new ArrayList<>(List.of(
                WarrenNode.PROGRAM.toString(),
                "dial",
                host,
                "--user",
                WarrenNode.USER,
                "--password-file",
                passwordFile().toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static Path passwordFile() {
        Path file = LAB.topology().folder.resolve("password");
        try {
            Files.writeString(file, WarrenNode.PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
