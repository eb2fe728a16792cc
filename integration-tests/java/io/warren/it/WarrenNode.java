package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node of the distribution, in the namespace {@code lns} of a {@link Topology}. Can be killed and started again. */
final class WarrenNode implements AutoCloseable {
    static final Path PROGRAM = Path.of("target", "warren", "bin", "warren").toAbsolutePath();
    static final String USER = "alice";
    static final String PASSWORD = "wonder land";
    static final String GATEWAY = "10.64.255.1";
    static final List<String> DNS = List.of("192.0.2.53", "192.0.2.54");
    /** Of the two /16 halves of the pool; every leased address begins so. */
    static final String POOL_PREFIX = "10.64.";

    private static final String MANAGEMENT = "http://127.0.0.1:8558";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param secret of the tunnel; null: no tunnel authentication
     * @param onStop {@code keep} or {@code hangup}
     * @param more further lines of configuration
     */
    record Settings(@Nullable String secret, String onStop, String more) {
        static final Settings PLAIN = new Settings(null, "keep", "");

        Settings withSecret(String tunnelSecret) {
            return new Settings(tunnelSecret, onStop, more);
        }

        Settings withOnStop(String choice) {
            return new Settings(secret, choice, more);
        }

        Settings with(String lines) {
            return new Settings(secret, onStop, more + lines + "\n");
        }
    }

    private final Topology topology;
    private final Path folder;
    private @Nullable Process process;

    private WarrenNode(Topology topology) {
        this.topology = topology;
        this.folder = topology.folder.resolve("node");
    }

    /** Configures a node with an empty journal and starts it; returns when it is ready. */
    static WarrenNode start(Topology topology, Settings settings) {
        WarrenNode node = configured(topology, settings);
        node.start();
        return node;
    }

    /** Configures a node and does not start it. */
    static WarrenNode configured(Topology topology, Settings settings) {
        WarrenNode node = new WarrenNode(topology);
        node.configure(settings);
        return node;
    }

    /** Writes the configuration that the next start reads. The journal stays. */
    void configure(Settings settings) {
        String secret = settings.secret() == null ? "" : "tunnel-secret = \"" + settings.secret() + "\"";
        String configuration = """
                warren {
                  listen = ["%s:1701"]
                  hostname = "warren"
                  %s
                  ppp.authentication = [mschap-v2, chap-md5, pap]
                  users-file = "%s"
                  pools.default = ["10.64.0.0/17"]
                  gateway = "%s"
                  dns = ["%s", "%s"]
                  tun.name = "warren0"
                  data-dir = "%s"
                  on-stop = %s
                }
                akka.management.http { hostname = "127.0.0.1", port = 8558 }
                %s
                """.formatted(
                        Topology.LNS_ADDRESS,
                        secret,
                        folder.resolve("users"),
                        GATEWAY,
                        DNS.get(0),
                        DNS.get(1),
                        folder.resolve("data"),
                        settings.onStop(),
                        settings.more());
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("node.conf"), configuration);
            // The second line lets in every user of the load generator.
            Files.writeString(
                    folder.resolve("users"), "\"" + USER + "\" * \"" + PASSWORD + "\" *\n* * \"many calls\" *\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the process and waits for {@code /ready}. */
    void start() {
        launch();
        Await.until("the node is ready", START, () -> {
            if (!running().isAlive()) {
                throw new AssertionError("the node died: " + log());
            }
            return ready();
        });
    }

    /** Starts the process and does not wait. */
    void launch() {
        process = topology.startIn(
                "lns",
                "node/node.log",
                PROGRAM.toString(),
                "node",
                "--config",
                folder.resolve("node.conf").toString());
    }

    /** What the process says when it does not start. */
    String refusal() {
        launch();
        Await.until("the node gives up", START, () -> !running().isAlive());
        assertThat(running().exitValue()).isEqualTo(1);
        return log();
    }

    /** Runs a subcommand that takes the configuration; it must succeed. */
    String command(String... words) {
        List<String> command = new ArrayList<>();
        command.add(PROGRAM.toString());
        command.addAll(List.of(words));
        command.addAll(List.of("--config", folder.resolve("node.conf").toString()));
        return topology.in("lns", command.toArray(String[]::new));
    }

    boolean ready() {
        return get("/ready").map(reply -> reply.status() == 200).orElse(false);
    }

    /** {@code kill -9}. */
    void kill() {
        Process victim = running();
        // The launcher may have kept the JVM as its child.
        List<ProcessHandle> all = new ArrayList<>(victim.descendants().toList());
        victim.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(victim, STOP);
    }

    /** SIGTERM; returns the exit status. */
    int terminate() {
        Process ending = running();
        ending.destroy();
        awaitEnd(ending, STOP);
        return ending.exitValue();
    }

    private static void awaitEnd(Process ending, Duration patience) {
        Await.until("the node's process has ended", patience, () -> !ending.isAlive());
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("the node was never started");
        }
        return process;
    }

    /** An answer of the management interface. */
    record Reply(int status, JsonNode body) {}

    /** Empty while nobody listens. */
    Optional<Reply> get(String path) {
        return http("GET", path);
    }

    Reply delete(String path) {
        return http("DELETE", path).orElseThrow(() -> new AssertionError("nobody listens at " + MANAGEMENT));
    }

    /** The live calls of a user. */
    List<JsonNode> sessionsOf(String user) {
        Reply reply = get("/l2tp/sessions?user=" + user)
                .orElseThrow(() -> new AssertionError("nobody listens at " + MANAGEMENT));
        return items(reply);
    }

    /** Of calls that are not over. */
    int sessionCount() {
        Reply reply = get("/l2tp/node").orElseThrow(() -> new AssertionError("nobody listens at " + MANAGEMENT));
        return reply.body().path("sessions").asInt(-1);
    }

    List<JsonNode> tunnels() {
        return items(get("/l2tp/tunnels").orElseThrow(() -> new AssertionError("nobody listens at " + MANAGEMENT)));
    }

    private static List<JsonNode> items(Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError("management answered " + reply);
        }
        List<JsonNode> items = new ArrayList<>();
        reply.body().path("items").forEach(items::add);
        return items;
    }

    /** Empty while nobody listens, or when the node goes before it answers. */
    Optional<Reply> http(String method, String path) {
        // The node's loopback is its namespace's own, where this process cannot reach.
        Shell.Result result = topology.attemptIn(
                "lns",
                Duration.ofSeconds(20),
                "curl",
                "-s",
                "-m",
                "15",
                "-X",
                method,
                "-w",
                "\\n%{http_code}",
                MANAGEMENT + path);
        int newline = result.output().lastIndexOf('\n');
        if (result.status() != 0 || newline < 0) {
            return Optional.empty();
        }
        int status = Integer.parseInt(result.output().substring(newline + 1).strip());
        return Optional.of(new Reply(status, json(result.output().substring(0, newline))));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }

    String log() {
        try {
            return Files.readString(topology.folder.resolve("node/node.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
    }
}
