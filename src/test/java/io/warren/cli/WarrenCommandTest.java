package io.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command against a server that answers from a table. */
class WarrenCommandTest {
    private static final String TUNNEL = """
            {"id":17,"peerTunnelId":9,"peer":"192.0.2.1:1701","peerHost":"lac","local":"192.0.2.2:1701",\
            "state":"established","since":"2026-11-22T10:00:00Z","sessions":2,"added-later":true}""";
    private static final String SESSION = """
            {"id":"17-4","tunnelId":17,"sessionId":4,"peerSessionId":5,"state":"up","user":"ali\\u001bce",\
            "address":"10.0.0.2","peer":"192.0.2.1:1701","since":"2026-11-22T10:00:01Z","mru":1400,\
            "traffic":{"upPackets":1,"upOctets":100,"downPackets":2,"downOctets":2000,"drops":0}}""";

    private final Map<String, String> answers = new TreeMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> contents = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        contents.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String answer = answers.get(request);
        byte[] body = (answer == null
                        ? "{\"status\":404,\"error\":\"Not Found\",\"reason\":\"there is no such\"}"
                        : answer)
                .getBytes(StandardCharsets.UTF_8);
        int status = answer == null ? 404 : !exchange.getRequestMethod().equals("GET") ? 202 : 200;
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int run(String... args) {
        CommandLine command = WarrenCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    private String url() {
        return "--url=http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void showsTunnelsAsATable() {
        answers.put("GET /l2tp/tunnels?limit=1000", "{\"items\":[" + TUNNEL + "],\"next\":null}");
        assertThat(run("show", "tunnels", url())).isZero();
        assertThat(out).hasToString("""
                ID  PEER            HOST  PEER-ID  STATE        SESSIONS  SINCE
                17  192.0.2.1:1701  lac         9  established         2  2026-11-22T10:00:00Z
                """);
    }

    @Test
    void readsAllPages() {
        answers.put("GET /l2tp/sessions?limit=1000", "{\"items\":[" + SESSION + "],\"next\":\"17-4\"}");
        answers.put("GET /l2tp/sessions?limit=1000&after=17-4", "{\"items\":[" + SESSION + "],\"next\":null}");
        assertThat(run("show", "sessions", url())).isZero();
        assertThat(out.toString().lines()).hasSize(3);
    }

    @Test
    void filtersAreEncoded() {
        answers.put("GET /l2tp/sessions?user=a%26b&limit=1000", "{\"items\":[],\"next\":null}");
        assertThat(run("show", "sessions", "--user", "a&b", url())).isZero();
    }

    @Test
    void aPeersNameCannotSteerTheTerminal() {
        answers.put("GET /l2tp/sessions?limit=1000", "{\"items\":[" + SESSION + "],\"next\":null}");
        run("show", "sessions", url());
        assertThat(out.toString()).contains("ali?ce").doesNotContain("\u001b");
    }

    @Test
    void jsonIsForScripts() throws IOException {
        answers.put("GET /l2tp/tunnels?limit=1000", "{\"items\":[" + TUNNEL + "],\"next\":null}");
        assertThat(run("show", "tunnels", "--json", url())).isZero();
        JsonNode printed = new ObjectMapper().readTree(out.toString());
        assertThat(printed.get("items").get(0).get("id").asInt()).isEqualTo(17);
    }

    @Test
    void showsACallWithItsJournal() {
        answers.put("GET /l2tp/sessions/17-4", SESSION);
        answers.put(
                "GET /l2tp/sessions/17-4/events",
                "[{\"at\":\"2026-11-22T10:00:01Z\",\"event\":\"connected\",\"text\":\"the call is connected\"}]");
        assertThat(run("show", "session", "17-4", url())).isZero();
        assertThat(out.toString()).contains("address    10.0.0.2", "2 packets, 2000 octets", "the call is connected");
    }

    @Test
    void showsTheJournalOfACallThatIsOver() {
        answers.put(
                "GET /l2tp/sessions/17-4/events",
                "[{\"at\":\"2026-11-22T10:00:01Z\",\"event\":\"closed\",\"text\":\"the peer hung up\"}]");
        assertThat(run("show", "session", "17-4", url())).isZero();
        assertThat(out.toString()).contains("call 17-4 is over", "the peer hung up");
    }

    @Test
    void hangsUpCallsAndTunnels() {
        answers.put("DELETE /l2tp/sessions/17-4?result=6", "{\"id\":\"17-4\",\"result\":6}");
        answers.put("DELETE /l2tp/tunnels/17?result=6", "{\"id\":\"17\",\"result\":6}");
        assertThat(run("hangup", "17-4", "17", "--result", "6", url())).isZero();
        assertThat(out.toString()).contains("hanging up 17-4 (result code 6)", "hanging up 17 (result code 6)");
    }

    @Test
    void hangsUpASelectionOnlyWhenToldYes() {
        answers.put("GET /l2tp/sessions?user=alice&limit=1000", "{\"items\":[" + SESSION + "],\"next\":null}");
        answers.put("DELETE /l2tp/sessions/17-4", "{\"id\":\"17-4\",\"result\":3}");
        assertThat(run("hangup", "--user", "alice", url())).isEqualTo(2);
        assertThat(err.toString()).contains("This would end 1 calls; say --yes");
        assertThat(requests).noneMatch(request -> request.startsWith("DELETE"));
        assertThat(run("hangup", "--user", "alice", "--yes", url())).isZero();
        assertThat(requests).contains("DELETE /l2tp/sessions/17-4");
    }

    @Test
    void limitsACallAndKeepsWhatIsNotNamed() {
        String limited = SESSION.replace(
                "\"mru\":1400", "\"mru\":1400,\"limits\":{\"downBitsPerSecond\":1000000,\"packetsPerSecond\":500}");
        String changed = "{\"downBitsPerSecond\":20000000,\"upBitsPerSecond\":5000000,\"downBurstOctets\":0,"
                + "\"upBurstOctets\":0,\"packetsPerSecond\":500}";
        answers.put("GET /l2tp/sessions/17-4", limited);
        answers.put("PUT /l2tp/sessions/17-4/limits", changed);
        assertThat(run("limit", "17-4", "down=20M", "up=5M", url())).isZero();
        assertThat(contents.getLast()).isEqualTo(changed);
        assertThat(out).hasToString("limiting 17-4: down=20M up=5M packets=500\n");
        assertThat(run("limit", "17-4", "none", url())).isZero();
        assertThat(contents.getLast()).contains("\"downBitsPerSecond\":0", "\"packetsPerSecond\":0");
        answers.put("GET /l2tp/sessions/17-4/events", "[]");
        assertThat(run("show", "session", "17-4", url())).isZero();
        assertThat(out.toString()).contains("limits     down=1M packets=500");
    }

    @Test
    void showsForwarding() {
        answers.put("GET /l2tp/forwarding", """
                {"plane":"warren0","nullPlane":false,"entries":5,
                "traffic":{"upPackets":1,"upOctets":100,"downPackets":2,"downOctets":2000,"drops":4},
                "offloads":{"udpSegment":true,"udpGro":true,"tunTcp":true,"tunUdp":false,"queues":2},
                "ports":[{"address":"0.0.0.0:1701","receiveBuffer":425984,"wishedReceiveBuffer":8388608,
                "sendBuffer":8388608,"wishedSendBuffer":8388608,"granted":false,"dropped":7}],
                "relays":[],"workers":[{"name":"up-0","seconds":10,"busySeconds":2.5,"busyShare":0.25,"packets":1000,"batches":6,
                "batchMicrosP50":4,"batchMicrosP99":16,"batchMicrosMax":900,"batchesByMicros":[1,3,0,2]}],
                "drops":[{"reason":"policed-up","packets":4,"meaning":"too fast"},
                {"reason":"truncated","packets":0,"meaning":"too long"}]}""");
        assertThat(run("show", "forwarding", url())).isZero();
        assertThat(out).hasToString("""
                plane      warren0
                calls      5
                up         1 packets, 100 octets
                down       2 packets, 2000 octets
                offloads   udp-segment on, udp-gro on, tun-tcp on, tun-udp off
                queues     2

                SOCKET        RECEIVE-BUFFER   WISHED  SEND-BUFFER   WISHED  DROPPED
                0.0.0.0:1701          425984  8388608      8388608  8388608        7

                THREAD  BUSY   PACKETS  BATCHES  P50-US  P99-US  MAX-US
                up-0    25.0%     1000        6       4      16     900

                DROPPED     PACKETS  BECAUSE
                policed-up        4  too fast
                """);
        assertThat(run("show", "forwarding", "--json", url())).isZero();
        assertThat(out.toString()).contains("\"meaning\":\"too fast\"");
    }

    @Test
    void hangsUpAllTunnels() {
        answers.put("GET /l2tp/tunnels?limit=1000", "{\"items\":[" + TUNNEL + "],\"next\":null}");
        answers.put("DELETE /l2tp/tunnels/17", "{\"id\":\"17\",\"result\":1}");
        assertThat(run("hangup", "--all", "--yes", url())).isZero();
    }

    @Test
    void goesOnWhenOneHangUpFails() {
        answers.put("DELETE /l2tp/sessions/17-4", "{\"id\":\"17-4\",\"result\":3}");
        assertThat(run("hangup", "17-3", "17-4", url())).isEqualTo(1);
        assertThat(out.toString()).contains("hanging up 17-4");
        assertThat(err).hasToString("warren: there is no such\n");
    }

    @Test
    void saysThatNoNodeAnswers() {
        server.stop(0);
        assertThat(run("show", "tunnels", url())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("warren: no node answers at http://127.0.0.1:")
                .endsWith(": is it running?\n");
    }

    @Test
    void saysThatSomethingElseAnswers() {
        answers.put("GET /l2tp/tunnels?limit=1000", "<html>");
        assertThat(run("show", "tunnels", url())).isEqualTo(1);
        assertThat(err.toString()).contains("is it the management port");
    }

    @Test
    void aWrongCommandLineIsStatusTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("show")).isEqualTo(2);
        assertThat(run("shw", "tunnels")).isEqualTo(2);
        assertThat(run("hangup")).isEqualTo(2);
        assertThat(run("hangup", "17-4", "--all")).isEqualTo(2);
        assertThat(run("hangup", "seventeen")).isEqualTo(2);
        assertThat(run("limit", "17-4", url())).isEqualTo(2);
        assertThat(run("limit", "17", "down=20M", url())).isEqualTo(2);
        assertThat(run("limit", "17-4", "down=20", url())).isEqualTo(2);
        assertThat(run("limit", "17-4", "down=20M", "none", url())).isEqualTo(2);
        assertThat(run("show", "session", "17/../4", url())).isEqualTo(2);
        assertThat(requests).isEmpty();
    }

    @Test
    void everyCommandHasHelp() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("show", "hangup", "limit", "version");
        for (String command : List.of("show", "hangup", "limit", "version")) {
            assertThat(run(command, "--help")).as(command).isZero();
        }
        for (String what : List.of("tunnels", "sessions", "session", "forwarding")) {
            assertThat(run("show", what, "--help")).as(what).isZero();
        }
    }

    @Test
    void versionTellsBothEnds() {
        assertThat(run("version", url())).isZero();
        assertThat(out.toString()).containsPattern("warren +[0-9]").contains("none answers at http");
    }
}
