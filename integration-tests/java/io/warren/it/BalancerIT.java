package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code deploy/local-cluster} and {@code deploy/balancer}: which node a packet goes to, and the way of the answer. The
 * nodes only echo ({@code integration-tests/balancer/fake}); what Warren does with the packets is for other tests.
 */
class BalancerIT {
    private static final Path SCRIPT =
            Path.of("deploy", "local-cluster", "cluster").toAbsolutePath();
    private static final Path PROGRAMS =
            Path.of("integration-tests", "balancer").toAbsolutePath();
    private static final String PUBLIC = "10.99.0.1:1701";
    private static final String CLIENT = "10.99.1.2";
    private static final int FIRST_PORT = 20_000;
    private static final int FLOWS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What one datagram's answer said. */
    record Echo(int port, String node, String seenAs, String size) {}

    private Path folder = Path.of(".");
    private String name = "";

    @BeforeEach
    void means() throws IOException {
        Means.require(Means.ROOT, Means.NAMESPACES, Means.CURL, Means.BENCH, Means.BALANCER, Means.POSTGRESQL);
        folder = Files.createTempDirectory("warren-it-");
        // PostgreSQL runs as a user of its own.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        name = folder.getFileName().toString().replace("warren-it-", "b");
    }

    @AfterEach
    void down() {
        if (!name.isEmpty()) {
            cluster("down");
            assertThat(Shell.run("ip", "netns", "list")).doesNotContain(name + "-");
            Shell.delete(folder);
        }
    }

    private String cluster(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "WARREN_CLUSTER=" + name,
                "WARREN_CLUSTER_STATE=" + folder.resolve("state"),
                "WARREN_HOME=" + PROGRAMS.resolve("fake"),
                SCRIPT.toString()));
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.attempt(PATIENCE, command);
        assertThat(result.status())
                .as("%s: %s", String.join(" ", command), result.output())
                .isZero();
        return result.output();
    }

    private void up(String balancer) throws IOException {
        Path users = Files.writeString(folder.resolve("users"), "");
        cluster("up", "--balancer", balancer, "--users", users.toString());
        awaitBalanced("n1", "n2", "n3");
    }

    /** Until the balancer gives packets to just these nodes. */
    private void awaitBalanced(String... nodes) {
        Path state = folder.resolve("state").resolve("balancer.state");
        Await.until("packets go to " + List.of(nodes), Duration.ofSeconds(20), () -> {
            try {
                return Set.of(Files.readString(state).strip().split(" ")).equals(Set.of(nodes));
            } catch (IOException e) {
                return false;
            }
        });
        // nginx has been told; its new workers take over in a moment.
        Await.pause(Duration.ofMillis(500));
    }

    private List<Echo> send(int flows, int times, int size) {
        String output = Shell.run(
                "ip",
                "netns",
                "exec",
                name + "-lac",
                PROGRAMS.resolve("flows").toString(),
                PUBLIC,
                Integer.toString(FIRST_PORT),
                Integer.toString(flows),
                Integer.toString(times),
                Integer.toString(size));
        return output.lines()
                .map(line -> line.split(" ", -1))
                .map(words -> new Echo(Integer.parseInt(words[0]), words[1], words[2], words[words.length - 1]))
                .toList();
    }

    /** Which node each flow is at; fails if one is at two, or a node saw another source than the client's own. */
    private Map<Integer, String> flows() {
        Map<Integer, String> nodes = new TreeMap<>();
        for (Echo echo : send(FLOWS, 2, 100)) {
            assertThat(echo.seenAs()).isEqualTo(CLIENT + ":" + echo.port());
            String other = nodes.put(echo.port(), echo.node());
            assertThat(other == null || other.equals(echo.node()))
                    .as("port %d is at %s and %s", echo.port(), other, echo.node())
                    .isTrue();
        }
        assertThat(nodes).hasSize(FLOWS);
        return nodes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "nginx"})
    void onlyTheFlowsOfADeadNodeMoveAndTheyComeBack(String balancer) throws IOException {
        up(balancer);
        assertThat(cluster("up", "--balancer", balancer)).startsWith("is up");
        Map<Integer, String> before = flows();
        assertThat(new TreeSet<>(before.values())).containsExactly("n1", "n2", "n3");

        cluster("kill", "n2");
        awaitBalanced("n1", "n3");
        Map<Integer, String> without = flows();
        assertThat(without.values()).doesNotContain("n2");
        assertThat(moved(before, without))
                .allSatisfy(port -> assertThat(before.get(port)).isEqualTo("n2"));

        cluster("start", "n2");
        awaitBalanced("n1", "n2", "n3");
        assertThat(flows()).isEqualTo(before);

        cluster("start", "n4");
        awaitBalanced("n1", "n2", "n3", "n4");
        Map<Integer, String> larger = flows();
        assertThat(moved(before, larger))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(larger.get(port)).isEqualTo("n4"));
    }

    private static Set<Integer> moved(Map<Integer, String> before, Map<Integer, String> after) {
        return before.keySet().stream()
                .filter(port -> !before.get(port).equals(after.get(port)))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "nginx"})
    void notReadyNodesGetNothingUnlessAllAreNotReady(String balancer) throws IOException {
        up(balancer);
        List<Path> red = Stream.of("n1", "n2", "n3")
                .map(node -> folder.resolve("state").resolve(node).resolve("not-ready"))
                .toList();
        Files.createFile(red.get(0));
        awaitBalanced("n2", "n3");
        assertThat(flows().values()).doesNotContain("n1");

        Files.createFile(red.get(1));
        awaitBalanced("n3");
        Files.createFile(red.get(2));
        awaitBalanced("n1", "n2", "n3");
        assertThat(new TreeSet<>(flows().values())).containsExactly("n1", "n2", "n3");
    }

    @Test
    void sprayedPacketsOfAFlowGoToAllNodesAndFragmentsStayTogether() throws IOException {
        up("spray");
        assertThat(send(1, 60, 100)).extracting(Echo::node).contains("n1", "n2", "n3");
        assertThat(send(5, 4, 4_000)).allSatisfy(echo -> assertThat(echo.size()).isEqualTo("4000"));
    }

    @Test
    void aSplitCutsANodeOffTheOthersAndHealEndsIt() throws IOException {
        up("nft");
        cluster("split", "n3");
        assertThat(reaches("n3", "10.97.0.11")).isFalse();
        assertThat(reaches("n3", "10.97.0.1")).as("the database").isTrue();
        assertThat(reaches("n1", "10.97.0.12")).isTrue();
        cluster("split", "n3", "--database");
        assertThat(reaches("n3", "10.97.0.1")).as("the database").isFalse();
        cluster("heal");
        assertThat(reaches("n3", "10.97.0.11")).isTrue();
        assertThat(reaches("n3", "10.97.0.1")).isTrue();
    }

    private boolean reaches(String node, String address) {
        return Shell.attempt(PATIENCE, List.of("ip", "netns", "exec", name + "-" + node, "ping", "-c1", "-W1", address))
                        .status()
                == 0;
    }
}
