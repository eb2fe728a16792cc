package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real TCP through a call of {@code warren dial}, both ways, with and without the kernel's offloads: what arrives is what
 * was sent, and the far ends, which check every checksum themselves, found none wrong.
 */
@SuppressWarnings("NullAway.Init")
class OffloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TUN = "call0";
    private static final String PORT = "8000";
    private static final int OCTETS = 40_000_000;

    @RegisterExtension
    static final Lab LAB = Lab.withNode();

    static WarrenNode node;
    static Path data;

    private Process dial;

    @BeforeAll
    static void start() throws IOException {
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN));
        data = Files.createDirectories(LAB.topology().folder.resolve("web"));
        byte[] octets = new byte[OCTETS];
        new Random(20_261_122).nextBytes(octets);
        Files.write(data.resolve("file"), octets);
    }

    @AfterEach
    void hangUp() {
        Shell.stop(dial, Duration.ofSeconds(10));
    }

    /**
     * @param wire whether datagrams of equal size may pass the link between client and node as one
     * @param offloads of the node
     * @param threads of the node in each direction
     */
    @ParameterizedTest
    @CsvSource({"on, auto, 1", "off, auto, 1", "on, auto, 2", "on, off, 1", "off, off, 2"})
    void tcpArrivesAsItWasSent(String wire, String offloads, int threads) {
        link(wire);
        node.terminate();
        node.configure(WarrenNode.Settings.PLAIN.with(
                "warren.forwarding { offloads = " + offloads + ", threads = " + threads + " }"));
        node.start();
        String address = dial();
        checkTheChecksums();
        long wrongBefore = wrongChecksums("lac") + wrongChecksums("core");

        transfer("core", Topology.CORE_ADDRESS, "lac");
        transfer("lac", address, "core");

        assertThat(wrongChecksums("lac") + wrongChecksums("core")).isEqualTo(wrongBefore);
        JsonNode forwarding = node.get("/l2tp/forwarding").orElseThrow().body();
        for (JsonNode drop : forwarding.path("drops")) {
            if (List.of("tun-refused", "tun-bad-offload", "send-failed", "bad-inner-packet")
                    .contains(drop.path("reason").asText())) {
                assertThat(drop.path("packets").asLong()).as(drop.toString()).isZero();
            }
        }
        assertThat(forwarding.path("offloads").path("tunTcp").asBoolean()).isEqualTo(offloads.equals("auto"));
        assertThat(forwarding.path("offloads").path("queues").asInt()).isEqualTo(threads);
        if (offloads.equals("auto")) {
            packetsWereMerged(forwarding);
        }
    }

    /** The TUN device got fewer packets from us than had arrived. */
    private static void packetsWereMerged(JsonNode forwarding) {
        long arrived = 0;
        for (JsonNode worker : forwarding.path("workers")) {
            if (worker.path("name").asText().startsWith("up")) {
                arrived += worker.path("packets").asLong();
            }
        }
        long written = Long.parseLong(LAB.topology()
                .in("lns", "cat", "/sys/class/net/warren0/statistics/rx_packets")
                .strip());
        assertThat(arrived).isGreaterThan(OCTETS / 1_460);
        assertThat(written).isLessThan(arrived / 2);
    }

    private static void link(String wire) {
        for (List<String> end : List.of(List.of("lac", "up0"), List.of("lns", "lac0"))) {
            LAB.topology().in(end.get(0), "ethtool", "-K", end.get(1), "tx", wire, "gso", wire, "gro", wire);
        }
    }

    /** What came by a virtual link is taken as right unless told otherwise. */
    private static void checkTheChecksums() {
        LAB.topology().in("core", "ethtool", "-K", "up0", "rx", "off");
        LAB.topology().in("lns", "ethtool", "-K", "core0", "rx", "off");
    }

    /** Dials and returns the address of the call, to which the way to core leads. */
    private String dial() {
        Path password = LAB.topology().folder.resolve("password");
        try {
            Files.writeString(password, WarrenNode.PASSWORD + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        dial = LAB.topology()
                .startIn(
                        "lac",
                        "dial.log",
                        WarrenNode.PROGRAM.toString(),
                        "dial",
                        Topology.LNS_ADDRESS,
                        "--user",
                        WarrenNode.USER,
                        "--password-file",
                        password.toString(),
                        "--tun",
                        TUN);
        Await.until(
                "the call's interface has its address",
                PATIENCE,
                () -> LAB.topology()
                        .attemptIn("lac", PATIENCE, "ip", "-4", "-o", "address", "show", "dev", TUN)
                        .output()
                        .contains(WarrenNode.POOL_PREFIX));
        LAB.topology().in("lac", "ip", "route", "replace", "198.51.100.0/24", "dev", TUN);
        return node.sessionsOf(WarrenNode.USER).getFirst().path("address").asText();
    }

    private static void transfer(String server, String address, String client) {
        Process web = LAB.topology()
                .startIn(
                        server,
                        "web-" + server + ".log",
                        System.getProperty("java.home") + "/bin/jwebserver",
                        "-b",
                        address,
                        "-p",
                        PORT,
                        "-d",
                        data.toString(),
                        "-o",
                        "none");
        Path copy = LAB.topology().folder.resolve("copy");
        String[] fetch = {
            "curl", "-s", "-f", "-m", "40", "-o", copy.toString(), "http://" + address + ":" + PORT + "/file"
        };
        Await.until(
                "the file has arrived in " + client,
                PATIENCE,
                () -> LAB.topology().attemptIn(client, PATIENCE, fetch).status() == 0);
        try {
            assertThat(Files.mismatch(data.resolve("file"), copy)).isEqualTo(-1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Shell.stop(web, Duration.ofSeconds(5));
    }

    /** TCP segments with a wrong checksum that the kernel has seen in a namespace. */
    private static long wrongChecksums(String role) {
        List<String> lines = LAB.topology()
                .in(role, "cat", "/proc/net/snmp")
                .lines()
                .filter(line -> line.startsWith("Tcp:"))
                .toList();
        int column = List.of(lines.get(0).split(" ")).indexOf("InCsumErrors");
        return Long.parseLong(lines.get(1).split(" ")[column]);
    }
}
