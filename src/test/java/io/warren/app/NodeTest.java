package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.warren.client.DialOutcome;
import io.warren.client.DialRequest;
import io.warren.client.Dialer;
import io.warren.config.SettingsReader;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.TunnelSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole node on the null plane, dialled by Warren's own client over loopback. */
final class NodeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private @Nullable Node node;

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.stop();
            node.awaitTermination();
        }
    }

    private Node start(String extra) throws Exception {
        Files.writeString(directory.resolve("users"), "alice * wonderland *\nbob * builder 10.77.3.4\n");
        Node started = Node.start(SettingsReader.read(
                ConfigFactory.parseString("""
                        warren {
                          tun.name = off
                          users-file = "users"
                          data-dir = "data"
                          dns = ["192.0.2.53"]
                        }
                        akka.management.http.port = 0
                        """)
                        .withFallback(ConfigFactory.parseString(extra))
                        .withFallback(ConfigFactory.parseString("warren.listen = [\"127.0.0.1:0\"]")),
                directory));
        node = started;
        return started;
    }

    private static DialOutcome dial(Node node, String user, String password, @Nullable String secret) throws Exception {
        int port = node.plane().listening().getFirst().port();
        return dial(node, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), user, password, secret);
    }

    private static DialOutcome dial(
            Node node, InetSocketAddress lns, String user, String password, @Nullable String secret) throws Exception {
        return new Dialer(
                        new DialRequest(
                                lns,
                                user,
                                Bytes.of(password.getBytes(StandardCharsets.UTF_8)),
                                secret == null ? null : TunnelSecret.of(secret),
                                null,
                                node.settings().gateway().bits(),
                                2,
                                Duration.ofSeconds(20)),
                        (_, _) -> {})
                .run();
    }

    private static JsonNode get(Node node, String path) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(node.managementUrl() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap-md5", "mschap-v2"})
    void aClientDialsAndPings(String method) throws Exception {
        Node running = start("warren.ppp.authentication = [\"" + method + "\"]");
        DialOutcome outcome = dial(running, "alice", "wonderland", null);
        assertThat(outcome.failure()).isNull();
        assertThat(Objects.requireNonNull(outcome.pings()).received()).isEqualTo(2);
        assertThat(Objects.requireNonNull(outcome.link()).dns()).hasSize(1);
    }

    /** Both at one port: a wildcard of IPv6 is none of IPv4. */
    @Test
    void clientsDialOverIpv6AndIpv4() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getByName("::"))) {
            port = free.getLocalPort();
        }
        Node running = start("""
                warren.listen = ["0.0.0.0:%1$d", "[::]:%1$d"]
                warren.tunnel-secret = s3cret
                """.formatted(port));
        for (String host : new String[] {"::1", "127.0.0.1"}) {
            DialOutcome outcome = dial(running, new InetSocketAddress(host, port), "alice", "wonderland", "s3cret");
            assertThat(outcome.failure()).isNull();
            assertThat(Objects.requireNonNull(outcome.pings()).received()).isEqualTo(2);
        }
        assertThat(get(running, "/l2tp/tunnels").toString())
                .contains("\"[::1]:")
                .contains("\"127.0.0.1:");
    }

    @Test
    void aClientWithoutIpv6IsServedAsEverWhereItIsAllowed() throws Exception {
        Node running = start("warren.ipv6.policy = allow");
        for (int call = 0; call < 2; call++) {
            DialOutcome outcome = dial(running, "alice", "wonderland", null);
            assertThat(outcome.failure()).isNull();
            assertThat(Objects.requireNonNull(outcome.pings()).received()).isEqualTo(2);
            assertThat(Objects.requireNonNull(outcome.link()).ipv6()).isNull();
        }
    }

    @Test
    void aUserWithAnAddressOfHisOwnGetsIt() throws Exception {
        DialOutcome outcome = dial(start(""), "bob", "builder", null);
        assertThat(outcome.failure()).isNull();
        assertThat(Objects.requireNonNull(outcome.link()).localAddress()).isEqualTo(0x0a4d0304);
    }

    @Test
    void aWrongPasswordIsTurnedAway() throws Exception {
        DialOutcome outcome = dial(start(""), "alice", "looking-glass", null);
        assertThat(outcome.failure()).isNotNull();
        assertThat(outcome.link()).isNull();
    }

    @Test
    void tunnelsAuthenticateEachOther() throws Exception {
        Node running = start("warren.tunnel-secret = s3cret");
        assertThat(dial(running, "alice", "wonderland", "s3cret").failure()).isNull();
        assertThat(dial(running, "alice", "wonderland", "wrong").failure()).contains("result 4");
        assertThat(dial(running, "alice", "wonderland", null).failure()).contains("result 4");
    }

    @Test
    void hiddenAvpsAreRevealedBySharedSecretOnly() throws Exception {
        Node running = start("warren.tunnel-secret = s3cret\nwarren.hide-avps = on");
        assertThat(dial(running, "alice", "wonderland", "s3cret").failure()).isNull();
        assertThat(dial(running, "alice", "wonderland", "wrong").failure()).contains("hidden AVP");
    }

    /** A call that pings until it is told to stop. */
    private static Dialer callThatStays(Node node) throws Exception {
        int port = node.plane().listening().getFirst().port();
        return new Dialer(
                new DialRequest(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        "alice",
                        Bytes.of("wonderland".getBytes(StandardCharsets.UTF_8)),
                        null,
                        null,
                        node.settings().gateway().bits(),
                        1_000,
                        Duration.ofSeconds(20)),
                (_, _) -> {});
    }

    private static @Nullable JsonNode limits(Node node, String id) throws Exception {
        return get(node, "/l2tp/sessions/" + id).get("limits");
    }

    private static int limit(Node node, String id, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(node.managementUrl() + "/l2tp/sessions/" + id + "/limits"))
                                .PUT(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static void eventually(Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    void limitsOfACallAreChangedLiveAndSurviveARestart() throws Exception {
        String limited = "warren.session-limits.down = 20M";
        Node first = start(limited);
        Dialer dialer = callThatStays(first);
        Thread client = Thread.ofVirtual().start(() -> {
            try {
                dialer.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            eventually(() -> get(first, "/l2tp/sessions").toString().contains("PPP open"));
            String id =
                    get(first, "/l2tp/sessions").get("items").get(0).get("id").asText();
            JsonNode before = Objects.requireNonNull(limits(first, id));
            assertThat(before.get("downBitsPerSecond").asLong()).isEqualTo(20_000_000);
            assertThat(limit(first, "9-9", "{}")).isEqualTo(404);
            assertThat(limit(first, id, "{\"upBitsPerSecond\": 5000000}")).isEqualTo(202);
            eventually(() -> !before.equals(limits(first, id)));
            assertThat(get(first, "/l2tp/sessions/" + id + "/events").toString())
                    .contains("limits changed by operator: up=5M");

            first.stop();
            first.awaitTermination();
            Node second = start(limited);
            eventually(() -> get(second, "/l2tp/sessions").toString().contains("PPP open"));
            JsonNode after = Objects.requireNonNull(limits(second, id));
            assertThat(after.get("upBitsPerSecond").asLong()).isEqualTo(5_000_000);
            assertThat(after.get("downBitsPerSecond").asLong()).isZero();
        } finally {
            dialer.hangUp();
            client.join();
        }
    }

    @Test
    void theJournalOfACallCanBeAsked() throws Exception {
        Node running = start("");
        assertThat(dial(running, "alice", "wonderland", null).failure()).isNull();
        JsonNode tunnels = get(running, "/l2tp/tunnels");
        assertThat(tunnels.get("items").size()).isEqualTo(1);
        assertThat(tunnels.toString()).contains("closed");
        assertThat(get(running, "/l2tp/node").get("ready").asBoolean()).isTrue();
        assertThat(get(running, "/l2tp/forwarding").get("nullPlane").asBoolean())
                .isTrue();
    }
}
