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
                          listen = ["127.0.0.1:0"]
                          tun.name = off
                          users-file = "users"
                          data-dir = "data"
                          dns = ["192.0.2.53"]
                        }
                        akka.management.http.port = 0
                        """).withFallback(ConfigFactory.parseString(extra)), directory));
        node = started;
        return started;
    }

    private static DialOutcome dial(Node node, String user, String password, @Nullable String secret) throws Exception {
        int port = node.plane().listening().getFirst().port();
        return new Dialer(
                        new DialRequest(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
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
