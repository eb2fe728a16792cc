package io.warren.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A cluster of {@code deploy/local-cluster} under a name of its own: nodes n1, n2, … of the distribution, PostgreSQL, a
 * balancer, and the namespaces {@code lac} and {@code core} around them.
 */
final class Cluster implements AutoCloseable {
    static final String PUBLIC_ADDRESS = "10.99.0.1";
    static final String CORE_ADDRESS = "10.98.0.2";
    static final String CORE_ADDRESS6 = "fd98::2";
    /** All that subscribers may have of IPv6. */
    static final String SUBSCRIBERS6 = "fd77::/16";
    /** Of every user but {@link WarrenNode#USER}. */
    static final String PASSWORD = "white knight";

    private static final Path SCRIPT =
            Path.of("deploy", "local-cluster", "cluster").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration SETTLED = Duration.ofSeconds(120);
    private static final Duration DEAD = Duration.ofSeconds(8);
    /** Between two looks at all nodes: each costs a dozen processes, which the nodes need the processors for. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the cluster's own files are, and logs of what is done with it. */
    final Path folder;

    private final String name;

    private Cluster(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /**
     * Returns when all nodes are ready and have their share of the shards.
     *
     * @param settings KEY=VALUE, for all nodes
     */
    static Cluster up(int nodes, String balancer, List<String> settings) {
        try {
            Path folder = Files.createTempDirectory("warren-it-");
            // PostgreSQL runs as a user of its own.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path users = folder.resolve("users");
            Files.writeString(
                    users,
                    "\"" + WarrenNode.USER + "\" * \"" + WarrenNode.PASSWORD + "\" *\n* * \"" + PASSWORD + "\" *\n");
            Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
            Cluster cluster = new Cluster(folder.getFileName().toString().replace("warren-it-", "c"), folder);
            try {
                cluster.train();
                List<String> up = new ArrayList<>(
                        List.of("up", "--nodes", "" + nodes, "--balancer", balancer, "--users", users.toString()));
                settings.forEach(setting -> up.addAll(List.of("--set", setting)));
                cluster.run(up.toArray(new String[0]));
                cluster.awaitSettled(nodes);
            } catch (RuntimeException | AssertionError e) {
                System.out.println(cluster.logs());
                cluster.close();
                throw e;
            }
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nodes start as those of a fleet do that is not new: with what an earlier run of this build has learned. */
    private void train() throws IOException {
        Path cache = WarrenNode.PROGRAM.getParent().resolveSibling("lib").resolve("warren.aot");
        try (Stream<Path> libraries = Files.list(cache.getParent())) {
            boolean isCurrent = Files.exists(cache)
                    && libraries.noneMatch(library ->
                            library.toFile().lastModified() > cache.toFile().lastModified());
            if (!isCurrent) {
                run("train");
            }
        }
    }

    private String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "WARREN_CLUSTER=" + name,
                "WARREN_CLUSTER_STATE=" + state(),
                "WARREN_HOME=" + WarrenNode.PROGRAM.getParent().getParent(),
                SCRIPT.toString()));
        command.addAll(Arrays.asList(arguments));
        Shell.Result result = Shell.attempt(PATIENCE, command);
        if (result.status() != 0) {
            throw new AssertionError("cluster " + String.join(" ", arguments) + ": " + result.output());
        }
        return result.output();
    }

    private Path state() {
        return folder.resolve("state");
    }

    String namespace(String role) {
        return name + "-" + role;
    }

    /** The words that run a program in a namespace: lac, lb, core, n1, n2, … */
    List<String> inside(String role) {
        return List.of("ip", "netns", "exec", namespace(role));
    }

    /** {@code kill -9}. */
    void kill(String node) {
        run("kill", node);
    }

    /** The same, and starts it again after a while, long enough for everything to have moved; returns when it is back. */
    void killForAWhile(String node) {
        int count = running().size();
        killUntilAllHasMoved(node);
        bringBack(node, count);
    }

    /** {@code kill -9}; returns when others have all that it had. */
    void killUntilAllHasMoved(String node) {
        kill(node);
        Await.pause(DEAD);
    }

    /** Starts it again; returns when the shards are spread over so many nodes. */
    void bringBack(String node, int count) {
        start(node);
        awaitSettled(count);
    }

    /** SIGTERM; returns when the node has ended by itself. */
    void stop(String node) {
        run("stop", node);
    }

    /** Starts a node, which may be a new one; returns when it is ready. */
    void start(String node) {
        run("start", node);
    }

    void drain(String node) {
        run("drain", node);
    }

    /** The node and the others no longer hear each other; the database, the balancer and the peers hear all. */
    void split(String node) {
        run("split", node);
    }

    void heal() {
        run("heal");
    }

    JsonNode status() {
        return json(run("status", "--json"));
    }

    /** Those whose process runs. */
    List<String> running() {
        return nodes(status())
                .filter(node -> node.path("pid").isInt())
                .map(node -> node.path("name").asText())
                .toList();
    }

    boolean isReady(String node) {
        return nodes(status())
                .anyMatch(each -> each.path("name").asText().equals(node)
                        && each.path("ready").asBoolean());
    }

    static Stream<JsonNode> nodes(JsonNode status) {
        return StreamSupport.stream(status.path("nodes").spliterator(), false);
    }

    /** How many shards each running node says it has, by name. */
    Map<String, Integer> shards() {
        return shards(status());
    }

    static Map<String, Integer> shards(JsonNode status) {
        Map<String, Integer> shards = new TreeMap<>();
        nodes(status)
                .filter(node -> node.path("pid").isInt())
                .forEach(node -> shards.put(
                        node.path("name").asText(), owned(node.path("cluster")).size()));
        return shards;
    }

    /** The shards that the node whose view this is says it has. */
    static List<Integer> owned(JsonNode view) {
        List<Integer> owned = new ArrayList<>();
        for (JsonNode node : view.path("nodes")) {
            if (node.path("self").asBoolean()) {
                node.path("owns").forEach(shard -> owned.add(shard.asInt()));
            }
        }
        return owned;
    }

    String ownerOfMostShards() {
        return shards().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    /** The oldest member, where the shards are given out. */
    String oldest() {
        String any = running().getFirst();
        String oldest = get(any, "/cluster/members").path("oldest").asText();
        // akka://warren@10.97.0.12:25520 is n2.
        String octet = oldest.replaceFirst(".*@(?:\\d+\\.){3}(\\d+):\\d+$", "$1");
        return "n" + (Integer.parseInt(octet) - 10);
    }

    /** The node that has the only call. */
    String nodeOfTheCall() {
        return nodes(status())
                .filter(node -> node.path("sessions").asInt() == 1)
                .map(node -> node.path("name").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node has just one call"));
    }

    /** The calls of a user that a node has. */
    List<JsonNode> sessionsOf(String node, String user) {
        List<JsonNode> sessions = new ArrayList<>();
        get(node, "/l2tp/sessions?user=" + user).path("items").forEach(sessions::add);
        return sessions;
    }

    /** The node that has the user's only call, once it is there. */
    String nodeOf(String user) {
        return Await.until(
                "a node has the call of " + user,
                SETTLED,
                LOOK,
                () -> running().stream()
                        .filter(node -> sessionsOf(node, user).size() == 1)
                        .findFirst());
    }

    /** Where the others reach the management of a node. */
    static String management(String node) {
        return "http://" + back(node) + ":8558";
    }

    /** A node's address in the network of the nodes. */
    static String back(String node) {
        return "10.97.0." + (10 + number(node));
    }

    /** A node's address towards the balancer. */
    static String front(String node) {
        return "10.99.2." + (10 + number(node));
    }

    /** A node's address towards the hosts behind it. */
    static String behind(String node) {
        return "10.98.1." + number(node);
    }

    static String behind6(String node) {
        return "fd98::1:" + number(node);
    }

    private static int number(String node) {
        return Integer.parseInt(node.substring(1));
    }

    /** What a node's management answers. */
    JsonNode get(String node, String path) {
        return json(Shell.run(Shell.join(inside("db"), "curl", "-s", "-f", "-m", "10", management(node) + path)));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** Until so many nodes run, are ready and balanced, and agree on who has which shard, each at least one. */
    void awaitSettled(int count) {
        await(count + " nodes have all shards", SETTLED, status -> isSettled(status, count));
    }

    /** Until what {@link #status} says is right; fails with the last that it said. */
    void await(String what, Duration patience, Predicate<JsonNode> isRight) {
        AtomicReference<JsonNode> last = new AtomicReference<>();
        try {
            Await.until(what, patience, LOOK, () -> {
                last.set(status());
                return isRight.test(last.get()) ? Optional.of(true) : Optional.empty();
            });
        } catch (AssertionError inVain) {
            throw new AssertionError(inVain.getMessage() + "; at last " + inBrief(last.get()), inVain);
        }
    }

    private static String inBrief(JsonNode status) {
        return nodes(status)
                .map(node -> "%s: pid %s, ready %s, balanced %s, owns %d, knows %d nodes, without owner %s"
                        .formatted(
                                node.path("name").asText(),
                                node.path("pid"),
                                node.path("ready"),
                                node.path("balanced"),
                                owned(node.path("cluster")).size(),
                                node.path("cluster").path("nodes").size(),
                                node.path("cluster").path("unowned")))
                .collect(Collectors.joining("; "));
    }

    private static boolean isSettled(JsonNode status, int count) {
        List<JsonNode> running =
                nodes(status).filter(node -> node.path("pid").isInt()).toList();
        long owned = running.stream()
                .mapToLong(node -> owned(node.path("cluster")).size())
                .sum();
        return running.size() == count
                && owned == 256
                && running.stream()
                        .allMatch(node -> node.path("ready").asBoolean()
                                && node.path("balanced").asBoolean()
                                && !owned(node.path("cluster")).isEmpty()
                                && node.path("cluster").path("nodes").size() == count
                                && node.path("cluster").path("unowned").isEmpty());
    }

    /** As it was after {@link #up}, whatever an earlier test has left. */
    void restore(int count) {
        heal();
        start("postgresql");
        start("balancer");
        List<String> running = running();
        List<String> wanted =
                IntStream.rangeClosed(1, count).mapToObj(number -> "n" + number).toList();
        running.stream().filter(node -> !wanted.contains(node)).forEach(this::stop);
        wanted.stream().filter(running::contains).filter(node -> !isReady(node)).forEach(this::kill);
        wanted.forEach(this::start);
        awaitSettled(count);
    }

    /** What a node has logged. */
    String log(String node) {
        try {
            return Files.readString(state().resolve(node + ".log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each running node has dropped, and why. */
    String drops() {
        return running().stream()
                .map(node -> node + " dropped " + get(node, "/l2tp/forwarding").path("drops") + "\n")
                .collect(Collectors.joining());
    }

    /** The ends of all logs. */
    String logs() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                all.append("==== ").append(folder.relativize(file)).append('\n');
                all.append(text.substring(Math.max(0, text.length() - 8_000)));
            }
        } catch (IOException e) {
            all.append(e);
        }
        return all.toString();
    }

    @Override
    public void close() {
        boolean keep = System.getenv("WARREN_IT_KEEP") != null;
        if (keep) {
            keepLogs();
        }
        run("down");
        if (!keep) {
            Shell.delete(folder);
        }
    }

    /** Taking a cluster down deletes all that it has. */
    private void keepLogs() {
        try (Stream<Path> files = Files.list(state())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            System.err.println("could not keep the logs: " + e);
        }
    }
}
