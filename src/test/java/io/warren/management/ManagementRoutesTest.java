package io.warren.management;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.management.javadsl.AkkaManagement;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.management.api.MemberView;
import io.warren.management.api.PartView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The routes as Akka Management serves them, over a real port. */
class ManagementRoutesTest {
    private static final int PORT = freePort();
    private static final ActorTestKit KIT = ActorTestKit.create("management", config());

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeNode node = new FakeNode();
    private final NodeMetrics metrics = new NodeMetrics(node);

    private record Answer(int status, JsonNode body) {
        String reason() {
            assertThat(body.get("status").asInt()).isEqualTo(status);
            return body.get("reason").asText();
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Config config() {
        return ConfigFactory.parseString("akka.management.http { port = " + PORT
                        + ", routes.cluster-management = \"\" }\n"
                        + "akka.management.health-checks.readiness-checks.cluster-membership = \"\"\n"
                        + "akka.loglevel = ERROR")
                .withFallback(ConfigFactory.parseResources("management.conf"))
                .withFallback(ConfigFactory.load());
    }

    @BeforeAll
    static void start() {
        AkkaManagement.get(KIT.system()).start().toCompletableFuture().join();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void detach() {
        ManagedNode.of(KIT.system()).detach();
        metrics.close();
    }

    private void attach(boolean readOnly) {
        ManagedNode.of(KIT.system()).attach(node, metrics, readOnly);
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private Answer exchange(String method, String path) throws Exception {
        HttpResponse<String> response = send(method, path);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return new Answer(response.statusCode(), json.readTree(response.body()));
    }

    private List<String> ids(Answer page) {
        assertThat(page.status()).isEqualTo(200);
        return page.body().get("items").findValuesAsText("id");
    }

    @Test
    void listsTunnelsPageByPage() throws Exception {
        attach(false);
        Answer first = exchange("GET", "/l2tp/tunnels?limit=2");
        assertThat(ids(first)).containsExactly("2", "10");
        assertThat(first.body().get("next").asText()).isEqualTo("10");
        Answer last = exchange("GET", "/l2tp/tunnels?limit=2&after=10");
        assertThat(ids(last)).containsExactly("300");
        assertThat(last.body().get("next").isNull()).isTrue();
    }

    @Test
    void aNodeByItselfHasNoClusterAndCannotDrain() throws Exception {
        attach(false);
        assertThat(exchange("GET", "/l2tp/cluster").status()).isEqualTo(404);
        assertThat(exchange("POST", "/l2tp/drain").status()).isEqualTo(409);
    }

    @Test
    void aMemberDrainsUnlessNothingMayBeChanged() throws Exception {
        node.member = new MemberView("192.0.2.1:25520", "up", false, 85);
        attach(true);
        assertThat(exchange("POST", "/l2tp/drain").status()).isEqualTo(403);
        attach(false);
        Answer drains = exchange("POST", "/l2tp/drain");
        assertThat(drains.status()).isEqualTo(202);
        assertThat(drains.body().get("draining").asBoolean()).isTrue();
        assertThat(exchange("GET", "/l2tp/node").body().get("member")).isEqualTo(drains.body());
        assertThat(exchange("DELETE", "/l2tp/drain").body().get("draining").asBoolean())
                .isFalse();
    }

    @Test
    void filtersByPeersAddressPortAndHost() throws Exception {
        attach(false);
        assertThat(ids(exchange("GET", "/l2tp/tunnels?peer=192.0.2.2"))).containsExactly("2");
        assertThat(ids(exchange("GET", "/l2tp/tunnels?peer=192.0.2.10:1701"))).containsExactly("10");
        assertThat(ids(exchange("GET", "/l2tp/tunnels?peer=lac300"))).containsExactly("300");
        assertThat(ids(exchange("GET", "/l2tp/tunnels?peer=192.0.2"))).isEmpty();
    }

    @Test
    void filtersCallsByUserAndAddressAndPagesWithinTheFilter() throws Exception {
        attach(false);
        Answer first = exchange("GET", "/l2tp/sessions?user=alice&limit=2");
        assertThat(ids(first)).containsExactly("2-1", "2-3");
        assertThat(ids(exchange(
                        "GET",
                        "/l2tp/sessions?user=alice&limit=2&after="
                                + first.body().get("next").asText())))
                .containsExactly("2-5");
        assertThat(ids(exchange("GET", "/l2tp/sessions?address=10.0.0.4"))).containsExactly("2-4");
    }

    @Test
    void showsOneTunnelOneCallItsJournalForwardingAndTheNode() throws Exception {
        attach(false);
        assertThat(exchange("GET", "/l2tp/tunnels/10").body().get("peerHost").asText())
                .isEqualTo("lac10");
        Answer session = exchange("GET", "/l2tp/sessions/2-3");
        assertThat(session.body().get("traffic").get("downOctets").asLong()).isEqualTo(200);
        Answer events = exchange("GET", "/l2tp/sessions/2-3/events");
        assertThat(events.body().get(0).get("text").asText()).isEqualTo("the call is connected");
        Answer forwarding = exchange("GET", "/l2tp/forwarding");
        assertThat(forwarding.body().get("drops").get(0).toString())
                .isEqualTo("{\"reason\":\"wrong source\",\"packets\":4,\"meaning\":\"it is not his\"}");
        assertThat(forwarding.body().get("workers").get(0).get("busyShare").asDouble())
                .isEqualTo(0.25);
        assertThat(forwarding.body().get("offloads").get("udpSegment").asBoolean())
                .isTrue();
        assertThat(exchange("GET", "/l2tp/node").body().get("name").asText()).isEqualTo("warren");
    }

    @Test
    void hangsUpWithTheResultCodeThatIsAskedFor() throws Exception {
        attach(false);
        assertThat(exchange("DELETE", "/l2tp/sessions/2-3").status()).isEqualTo(202);
        assertThat(exchange("DELETE", "/l2tp/sessions/2-4?result=6")
                        .body()
                        .get("result")
                        .asInt())
                .isEqualTo(6);
        assertThat(exchange("DELETE", "/l2tp/tunnels/2").status()).isEqualTo(202);
        assertThat(exchange("DELETE", "/l2tp/tunnels/9").status()).isEqualTo(404);
        assertThat(node.hungUp).containsExactly("2-3 with 3", "2-4 with 6", "2 with 1", "9 with 1");
    }

    @Test
    void hangsUpNothingWhenReadOnly() throws Exception {
        attach(true);
        Answer answer = exchange("DELETE", "/l2tp/sessions/2-3");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.reason()).contains("warren.management.read-only");
        assertThat(node.hungUp).isEmpty();
    }

    private Answer limit(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), json.readTree(response.body()));
    }

    @Test
    void limitsACallAndShowsItsLimits() throws Exception {
        attach(false);
        assertThat(exchange("GET", "/l2tp/sessions/2-2")
                        .body()
                        .get("limits")
                        .get("downBitsPerSecond")
                        .asLong())
                .isEqualTo(20_000_000);
        assertThat(exchange("GET", "/l2tp/sessions/2-3").body().has("limits")).isFalse();
        Answer accepted = limit(
                "/l2tp/sessions/2-3/limits",
                "{\"downBitsPerSecond\": 20000000, \"upBurstOctets\": 65536, \"packetsPerSecond\": 1000}");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.body().get("downBitsPerSecond").asLong()).isEqualTo(20_000_000);
        assertThat(accepted.body().get("upBitsPerSecond").asLong()).isZero();
        assertThat(limit("/l2tp/sessions/2-3/limits", "{}").status()).isEqualTo(202);
        assertThat(limit("/l2tp/sessions/9-9/limits", "{}").reason()).isEqualTo("there is no call 9-9 that is up");
        assertThat(node.limited)
                .containsExactly("2-3 to down=20M up-burst=64K packets=1k", "2-3 to none", "9-9 to none");
    }

    @Test
    void limitsThatAreNotUnderstoodChangeNothing() throws Exception {
        attach(false);
        String path = "/l2tp/sessions/2-3/limits";
        assertThat(limit(path, "{\"downBitPerSecond\": 1000000}").reason())
                .startsWith("no limit 'downBitPerSecond'; there are: downBitsPerSecond, upBitsPerSecond");
        assertThat(limit(path, "{\"downBitsPerSecond\": 20}").reason())
                .isEqualTo("down is off, or bits a second from 8k to 64G, such as 20M");
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{\"downBitsPerSecond\": \"20M\"}",
                "{\"downBitsPerSecond\": 1e7}",
                "{\"downBitsPerSecond\": 1000000} {}",
                "{\"packetsPerSecond\": 99999999999}",
                "{" + " ".repeat(5_000) + "}")) {
            assertThat(limit(path, body).status()).as(body).isEqualTo(400);
        }
        assertThat(limit("/l2tp/sessions/17/limits", "{}").status()).isEqualTo(400);
        assertThat(limit("/l2tp/sessions/2-3/limits?now=1", "{}").status()).isEqualTo(400);
        assertThat(exchange("GET", "/l2tp/sessions/2-3/limits").status()).isEqualTo(405);
        assertThat(node.limited).isEmpty();
    }

    @Test
    void limitsNothingWhenReadOnly() throws Exception {
        attach(true);
        Answer answer = limit("/l2tp/sessions/2-3/limits", "{}");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.reason()).contains("warren.management.read-only");
        assertThat(node.limited).isEmpty();
    }

    @Test
    void everyErrorIsJsonWithAReason() throws Exception {
        attach(false);
        assertThat(exchange("GET", "/l2tp/tunnels/4").reason()).isEqualTo("there is no tunnel 4");
        assertThat(exchange("GET", "/l2tp/sessions/9-9").reason()).isEqualTo("there is no call 9-9");
        assertThat(exchange("GET", "/l2tp/sessions/9-9/events").reason()).isEqualTo("the journal knows no call 9-9");
        assertThat(exchange("GET", "/l2tp/sessions/17").reason()).startsWith("'17' is not the id of a call");
        assertThat(exchange("GET", "/l2tp/tunnels/65536").status()).isEqualTo(400);
        assertThat(exchange("GET", "/l2tp/tunnels?limit=0").reason())
                .isEqualTo("limit='0' is not a number from 1 to 1000");
        assertThat(exchange("GET", "/l2tp/tunnels?user=alice").reason())
                .isEqualTo("no parameter 'user' here; there are: peer, limit, after");
        assertThat(exchange("GET", "/l2tp/sessions?after=x").status()).isEqualTo(400);
        assertThat(exchange("DELETE", "/l2tp/tunnels/2?result=0").status()).isEqualTo(400);
        assertThat(exchange("GET", "/l2tp/nothing").reason()).startsWith("there is no /l2tp/nothing");
        assertThat(exchange("GET", "/l2tp").status()).isEqualTo(404);
        assertThat(exchange("PUT", "/l2tp/tunnels/2").status()).isEqualTo(405);
        assertThat(exchange("DELETE", "/l2tp/tunnels").reason()).isEqualTo("allowed here: GET");
        assertThat(exchange("PUT", "/l2tp/tunnels/2").reason()).isEqualTo("allowed here: DELETE, GET");
    }

    @Test
    void aNodeThatCannotAnswerIsUnavailable() throws Exception {
        attach(false);
        node.failure = new IllegalStateException("the journal does not answer");
        Answer answer = exchange("GET", "/l2tp/sessions/2-1/events");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.reason()).isEqualTo("the node could not answer: the journal does not answer");
    }

    @Test
    void answersStartingUntilTheNodeIsAttached() throws Exception {
        assertThat(exchange("GET", "/l2tp/tunnels").status()).isEqualTo(503);
        assertThat(exchange("GET", "/metrics").status()).isEqualTo(503);
        assertThat(send("GET", "/alive").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/ready").body()).contains("the node is starting or stopping");
    }

    @Test
    void readySaysWhichPartIsNot() throws Exception {
        attach(false);
        assertThat(send("GET", "/ready").statusCode()).isEqualTo(200);
        node.parts = List.of(
                new PartView("udp", true, "0.0.0.0:1701"),
                new PartView("journal", false, "it does not answer"),
                new PartView("tun", false, "there is no /dev/net/tun"));
        HttpResponse<String> ready = send("GET", "/ready");
        assertThat(ready.statusCode()).isEqualTo(500);
        assertThat(ready.body()).contains("journal: it does not answer; tun: there is no /dev/net/tun");
        assertThat(send("GET", "/alive").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsCountTunnelsCallsTrafficDropsAndRefusals() throws Exception {
        attach(false);
        assertThat(send("GET", "/metrics").body())
                .contains("warren_tunnels 3.0")
                .contains("warren_sessions 5.0")
                .contains("warren_packets_total{direction=\"down\"} 2.0")
                .contains("warren_drops_total{reason=\"wrong source\"} 4.0")
                .contains("warren_drops_total{reason=\"policed-up\"} 0.0")
                .contains("warren_forwarding_offload{name=\"udp-segment\"} 1.0")
                .contains("warren_forwarding_offload{name=\"udp-gro\"} 0.0")
                .contains("warren_forwarding_thread_busy_seconds_total{thread=\"up-0\"} 2.5")
                .contains("warren_forwarding_thread_packets_total{thread=\"up-0\"} 1000.0")
                .contains("warren_forwarding_thread_batches_total{thread=\"up-0\"} 6.0")
                .contains("warren_forwarding_thread_batch_seconds_bucket{thread=\"up-0\",le=\"2.0E-6\"} 1")
                .contains("warren_forwarding_thread_batch_seconds_bucket{thread=\"up-0\",le=\"4.0E-6\"} 4")
                .contains("warren_forwarding_thread_batch_seconds_bucket{thread=\"up-0\",le=\"+Inf\"} 6")
                .contains("warren_forwarding_thread_batch_seconds_sum{thread=\"up-0\"} 2.5")
                .contains("warren_refusals_total{reason=\"too many tunnels\"} 6.0")
                .contains("warren_journal_events_total 9.0")
                .contains("jvm_memory_used_bytes");
    }
}
