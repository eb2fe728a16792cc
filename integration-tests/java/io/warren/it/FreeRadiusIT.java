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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FreeRADIUS decides who calls, is told what was used, and changes and ends calls. */
class FreeRadiusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CAROL = "carol";
    private static final String PASSWORD = "wonderland";
    private static final String HER_ADDRESS = "10.64.100.7";

    private static final String USERS = """
            carol Cleartext-Password := "wonderland"
                  Framed-IP-Address = 10.64.100.7,
                  Session-Timeout = 36000,
                  Acct-Interim-Interval = 60,
                  Class = 0x0102,
                  Mikrotik-Rate-Limit = "20M/40M",
                  MS-Primary-DNS-Server = 192.0.2.99
            briefly Cleartext-Password := "wonderland"
                  Session-Timeout = 3
            once Cleartext-Password := "wonderland"
                  Port-Limit = 1
            """;

    private static final String RADIUS = """
            warren.radius {
              servers.one { address = "127.0.0.1", secret = "%s", message-authenticator = require }
              timeout = 1s
              attempts = 2
              dead-time = 2s
              dynamic-authorization.listen = ["127.0.0.1:3799"]
            }
            """;

    private static final String OVER_TLS = """
            warren.radius.servers.one {
              address = "127.0.0.1"
              transport = tls
              tls { ca = "%1$s/ca.pem", certificate = "%1$s/client-cert.pem", key = "%1$s/client-key.pem", name = server }
            }
            """;

    @RegisterExtension
    static final Lab LAB = Lab.withNode(Means.FREERADIUS);

    static FreeRadius server;
    static WarrenNode node;

    @BeforeAll
    static void start() {
        server = LAB.owning(FreeRadius.start(LAB.topology(), USERS));
        node = LAB.owning(WarrenNode.start(LAB.topology(), settings()));
    }

    private static WarrenNode.Settings settings() {
        return WarrenNode.Settings.PLAIN.with(RADIUS.formatted(FreeRadius.SECRET));
    }

    /** A test that kills the server and fails then must not fail the others, too. */
    @BeforeEach
    void theServerRuns() {
        if (!server.runs()) {
            server.start();
        }
    }

    @AfterEach
    void allCallsAreOver() {
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap-md5", "mschap-v2", "eap"})
    void letsInWhomFreeRadiusKnows(String method) {
        restart(settings().with("warren.ppp.authentication = [" + method + "]"));
        int before = server.accounting(CAROL, "Stop").size();

        Shell.Result right = LAB.topology()
                .attemptIn("lac", PATIENCE, dial(CAROL, PASSWORD, "--ping", WarrenNode.GATEWAY, "--count", "5"));
        Shell.Result wrong = LAB.topology().attemptIn("lac", PATIENCE, dial(CAROL, "looking-glass"));

        assertThat(right.status()).as(right.output()).isZero();
        assertThat(right.output()).contains("address " + HER_ADDRESS).contains("192.0.2.99");
        assertThat(wrong.status()).as(wrong.output()).isOne();
        Await.until(
                "the call's stop is written",
                PATIENCE,
                () -> server.accounting(CAROL, "Stop").size() == before + 1);
        Map<String, String> stop = server.accounting(CAROL, "Stop").getLast();
        assertThat(server.accounting(CAROL, "Start").stream()
                        .filter(start -> start.get("Acct-Session-Id").equals(stop.get("Acct-Session-Id"))))
                .hasSize(1);
        assertThat(Long.parseLong(stop.get("Acct-Input-Octets"))).isGreaterThanOrEqualTo(5 * 84);
        assertThat(stop.get("Acct-Terminate-Cause"))
                .as("the client's Terminate-Request or its CDN, whichever came first")
                .isIn("User-Request", "Admin-Reset");
        assertThat(stop)
                .containsEntry("Framed-IP-Address", HER_ADDRESS)
                .containsEntry("Class", "0x0102")
                .containsEntry("NAS-Identifier", "warren")
                .containsKey("Acct-Input-Gigawords")
                .containsKey("Acct-Output-Gigawords")
                .containsKey("Acct-Delay-Time");
    }

    /** Access and accounting over TLS alone; the server demands our certificate, and we look at its own. */
    @Test
    void letsInWhomFreeRadiusKnowsOverTls() {
        Means.require(Means.OPENSSL);
        restart(WarrenNode.Settings.PLAIN.with(OVER_TLS.formatted(server.certificates())));
        int before = server.accounting(CAROL, "Stop").size();

        Shell.Result right = LAB.topology()
                .attemptIn("lac", PATIENCE, dial(CAROL, PASSWORD, "--ping", WarrenNode.GATEWAY, "--count", "2"));
        Shell.Result wrong = LAB.topology().attemptIn("lac", PATIENCE, dial(CAROL, "looking-glass"));

        assertThat(right.status()).as(right.output()).isZero();
        assertThat(right.output()).contains("address " + HER_ADDRESS);
        assertThat(wrong.status()).as(wrong.output()).isOne();
        Await.until(
                "the call's stop is written",
                PATIENCE,
                () -> server.accounting(CAROL, "Stop").size() == before + 1);
        String id = server.accounting(CAROL, "Stop").getLast().get("Acct-Session-Id");
        assertThat(ids(CAROL, "Start")).containsOnlyOnce(id);
        restart(settings());
    }

    @Test
    void aCoaRequestChangesTheRatesAndADisconnectRequestEndsTheCall() {
        Process call = call(CAROL, PASSWORD);
        assertThat(limit(CAROL, "up")).isEqualTo(20_000_000);
        String id = server.accounting(CAROL, "Start").getLast().get("Acct-Session-Id");

        Shell.Result changed = server.ask("coa", "Acct-Session-Id = \"" + id + "\", Mikrotik-Rate-Limit = \"1M/2M\"");

        assertThat(changed.output()).contains("Received CoA-ACK");
        Await.until("the rates are others", Duration.ofSeconds(1), () -> limit(CAROL, "up") == 1_000_000);
        assertThat(limit(CAROL, "down")).isEqualTo(2_000_000);

        assertThat(server.ask("coa", "Acct-Session-Id = \"" + id + "\", Framed-Pool = \"other\"")
                        .output())
                .contains("Received CoA-NAK")
                .contains("Unsupported-Attribute");
        assertThat(server.ask("disconnect", "User-Name = \"bob\"").output())
                .contains("Received Disconnect-NAK")
                .contains("Session-Context-Not-Found");

        Shell.Result ended = server.ask("disconnect", "User-Name = \"carol\", Framed-IP-Address = " + HER_ADDRESS);

        assertThat(ended.output()).contains("Received Disconnect-ACK");
        Await.until("the call is over", PATIENCE, () -> !call.isAlive());
        Await.until(
                "its stop is written",
                PATIENCE,
                () -> server.accounting(CAROL, "Stop").stream()
                        .anyMatch(stop -> stop.get("Acct-Session-Id").equals(id)));
        assertThat(server.accounting(CAROL, "Stop").getLast()).containsEntry("Acct-Terminate-Cause", "Admin-Reset");
    }

    @Test
    void aSessionTimeoutEndsTheCall() {
        Process call = call("briefly", PASSWORD);
        Await.until("the call is over", PATIENCE, () -> !call.isAlive());
        Await.until(
                "its stop is written",
                PATIENCE,
                () -> !server.accounting("briefly", "Stop").isEmpty());
        assertThat(server.accounting("briefly", "Stop"))
                .singleElement()
                .satisfies(stop -> assertThat(stop).containsEntry("Acct-Terminate-Cause", "Session-Timeout"));
    }

    @Test
    void aPortLimitOfOneAllowsOneCall() {
        Process first = call("once", PASSWORD);

        Shell.Result second = LAB.topology().attemptIn("lac", PATIENCE, dial("once", PASSWORD));

        assertThat(second.status()).as(second.output()).isOne();
        assertThat(second.output()).contains("refused");
        assertThat(refusals("a login denied: the user has as many calls as he may have"))
                .isEqualTo(1);
        assertThat(node.sessionsOf("once")).hasSize(1);
        assertThat(first.isAlive()).isTrue();
        Shell.stop(first, PATIENCE);
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
        Shell.Result third =
                LAB.topology().attemptIn("lac", PATIENCE, dial("once", PASSWORD, "--ping", WarrenNode.GATEWAY));
        assertThat(third.status()).as(third.output()).isZero();
    }

    @Test
    void aNewerCallReplacesTheOlderAndGetsItsAddress() {
        restart(settings().with("warren.subscribers.duplicate-logins = replace"));
        try {
            newerCallReplacesOlder();
        } finally {
            restart(settings());
        }
    }

    private static void newerCallReplacesOlder() {
        Process first = call(CAROL, PASSWORD);
        String id = server.accounting(CAROL, "Start").getLast().get("Acct-Session-Id");

        Shell.Result second = LAB.topology()
                .attemptIn("lac", PATIENCE, dial(CAROL, PASSWORD, "--ping", WarrenNode.GATEWAY, "--count", "3"));

        assertThat(second.status()).as(second.output()).isZero();
        assertThat(second.output()).contains("address " + HER_ADDRESS);
        Await.until("the older call is over", PATIENCE, () -> !first.isAlive());
        Await.until(
                "its stop is written",
                PATIENCE,
                () -> server.accounting(CAROL, "Stop").stream()
                        .anyMatch(stop -> stop.get("Acct-Session-Id").equals(id)));
        assertThat(server.accounting(CAROL, "Stop").stream()
                        .filter(stop -> stop.get("Acct-Session-Id").equals(id)))
                .singleElement()
                .satisfies(stop -> assertThat(stop).containsEntry("Acct-Terminate-Cause", "Port-Preempted"));
        assertThat(refusals("a call ended for a newer one of its user")).isEqualTo(1);
    }

    private static void restart(WarrenNode.Settings settings) {
        node.terminate();
        node.configure(settings);
        node.start();
    }

    private static int refusals(String reason) {
        return node.get("/l2tp/node")
                .map(reply -> reply.body().path("refusals").path(reason).asInt())
                .orElse(0);
    }

    /** One call ends while the server is away, another begins and ends; the node is killed, too. */
    @Test
    void noStartAndNoStopIsLostOrDoubledWhenServerAndNodeAreKilled() {
        Process first = call(CAROL, PASSWORD);
        String id = server.accounting(CAROL, "Start").getLast().get("Acct-Session-Id");
        LAB.topology().in("lac", "ping", "-c", "10", "-i", "0.05", "-I", "call0", WarrenNode.GATEWAY);
        server.kill();
        Shell.stop(first, PATIENCE);
        Shell.Result second = LAB.topology()
                .attemptIn(
                        "lac",
                        PATIENCE,
                        dial(WarrenNode.USER, WarrenNode.PASSWORD, "--ping", WarrenNode.GATEWAY, "--count", "3"));
        assertThat(second.status())
                .as("a user of the users file: %s", second.output())
                .isZero();
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
        Shell.Result refused = LAB.topology().attemptIn("lac", PATIENCE, dial(CAROL, PASSWORD));
        assertThat(refused.status()).isOne();
        node.kill();
        node.start();
        server.start();

        Await.until(
                "the second call's stop is written",
                Duration.ofSeconds(60),
                () -> !server.accounting(WarrenNode.USER, "Stop").isEmpty());
        Await.until(
                "the first call's stop is written",
                Duration.ofSeconds(60),
                () -> server.accounting(CAROL, "Stop").stream()
                        .anyMatch(stop -> stop.get("Acct-Session-Id").equals(id)));
        Await.pause(Duration.ofSeconds(5));
        for (String user : List.of(CAROL, WarrenNode.USER)) {
            List<String> starts = ids(user, "Start");
            List<String> stops = ids(user, "Stop");
            assertThat(starts).doesNotHaveDuplicates();
            assertThat(stops).containsExactlyInAnyOrderElementsOf(starts);
        }
        Map<String, String> stop = server.accounting(CAROL, "Stop").stream()
                .filter(one -> one.get("Acct-Session-Id").equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(Long.parseLong(stop.get("Acct-Input-Octets"))).isGreaterThanOrEqualTo(10 * 84);
        assertThat(Long.parseLong(stop.get("Acct-Delay-Time"))).isPositive();
    }

    private static List<String> ids(String user, String kind) {
        return server.accounting(user, kind).stream()
                .map(record -> record.get("Acct-Session-Id"))
                .toList();
    }

    private static long limit(String user, String direction) {
        List<JsonNode> sessions = node.sessionsOf(user);
        assertThat(sessions).hasSize(1);
        return sessions.getFirst()
                .path("limits")
                .path(direction + "BitsPerSecond")
                .asLong();
    }

    /** A call that lasts; returns when its start is written down. */
    private static Process call(String user, String password) {
        int before = server.accounting(user, "Start").size();
        Process call = LAB.topology().startIn("lac", "dial.log", dial(user, password, "--tun", "call0"));
        Await.until(
                "the call's start is written",
                PATIENCE,
                () -> server.accounting(user, "Start").size() > before);
        Await.until(
                "the call's interface is up",
                PATIENCE,
                () -> LAB.topology()
                        .attemptIn("lac", PATIENCE, "ip", "-4", "-o", "address", "show", "dev", "call0")
                        .output()
                        .contains(WarrenNode.POOL_PREFIX));
        return call;
    }

    private static String[] dial(String user, String password, String... more) {
        List<String> words = new ArrayList<>(List.of(
                WarrenNode.PROGRAM.toString(),
                "dial",
                Topology.LNS_ADDRESS,
                "--user",
                user,
                "--password-file",
                passwordFile(password)));
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    private static String passwordFile(String password) {
        try {
            Path file = LAB.topology().folder.resolve("password");
            Files.writeString(file, password + "\n");
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
