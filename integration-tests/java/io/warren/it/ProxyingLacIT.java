package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A LAC that has negotiated LCP and authenticated the subscriber before it called. */
class ProxyingLacIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SECRET = "tunnel secret";
    private static final String PASSWORD = "clientPass";

    /** In the users file. */
    private static final String LOCAL = "User";

    /** FreeRADIUS alone knows her. */
    private static final String REMOTE = "carol";

    private static final String LCP = "ppp.protocol == 0xc021 || lcp";

    private static final String RADIUS = """
            warren.radius.servers.one { address = "127.0.0.1", secret = "%s" }
            """.formatted(FreeRadius.SECRET);

    @RegisterExtension
    static final Lab LAB = Lab.withNode(Means.FREERADIUS);

    static WarrenNode node;
    private static int calls;
    private Process lac;

    @BeforeAll
    static void start() throws IOException {
        LAB.owning(FreeRadius.start(LAB.topology(), "carol Cleartext-Password := \"" + PASSWORD + "\"\n"));
        node = LAB.owning(WarrenNode.configured(LAB.topology(), settings("")));
        node.start();
    }

    private static WarrenNode.Settings settings(String more) {
        Path users = LAB.topology().folder.resolve("proxied-users");
        try {
            Files.writeString(users, LOCAL + " * " + PASSWORD + " *\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return WarrenNode.Settings.PLAIN
                .withSecret(SECRET)
                .with("warren.users-file = \"" + users + "\"")
                .with(RADIUS)
                .with(more);
    }

    @AfterEach
    void hangUp() {
        Shell.stop(lac, Duration.ofSeconds(5));
        node.tunnels()
                .forEach(tunnel ->
                        node.delete("/l2tp/tunnels/" + tunnel.path("id").asInt()));
        Await.until("no call is left", PATIENCE, () -> node.sessionCount() == 0);
    }

    @ParameterizedTest
    @CsvSource({"pap, User", "chap-md5, User", "mschap-v2, User", "pap, carol", "chap-md5, carol"})
    void noLcpRestartOnTheWire(String method, String user) {
        try (Capture capture = Capture.start(LAB.topology(), "proxied-" + method + "-" + user)) {
            call(method, 1460, user, PASSWORD);

            Await.until("five pings are answered", PATIENCE, () -> said("answered=5"));
            capture.stop();
            assertThat(capture.frames(LCP)).as("LCP packets").isEmpty();
            assertThat(capture.frames("l2tp && pap || chap.code == 1"))
                    .as("packets that ask for proof")
                    .allMatch(line -> line.contains("Ack"));
            assertThat(capture.frames("ip.src == " + Topology.LNS_ADDRESS + " && ipcp"))
                    .isNotEmpty();
            assertThat(capture.malformed()).isEmpty();
        }
        assertThat(log()).contains("authentication=accepted");
    }

    @Test
    void aKilledNodeGoesOnWithWhatTheLacNegotiated() {
        call("pap", 1460, LOCAL, PASSWORD);
        Await.until("a ping is answered", PATIENCE, () -> said("answered=1"));

        node.kill();
        node.start();
        long before = answers();

        Await.until("pings are answered again", PATIENCE, () -> answers() > before + 3);
        assertThat(log()).doesNotContain("lcp=");
    }

    @Test
    void aWrongPasswordIsRefused() {
        call("pap", 1460, LOCAL, "another");

        Await.until("the LAC is told", PATIENCE, () -> said("authentication=refused"));
        Await.until("the call is ended", PATIENCE, () -> said("message=CDN"));
    }

    @Test
    void whatIsNotCompatibleIsNegotiatedAnew() {
        try (Capture capture = Capture.start(LAB.topology(), "renegotiated")) {
            call("pap", 1461, LOCAL, PASSWORD);

            Await.until("the LNS begins LCP", PATIENCE, () -> said("lcp=ConfigureRequest"));
            Await.until(
                    "the capture has it", PATIENCE, () -> !capture.frames(LCP).isEmpty());
        }
        assertThat(node.log()).contains("proxy LCP not taken: an MRU that we do not ask for");
    }

    @Test
    void aPeerHasAPolicyOfItsOwn() {
        node.terminate();
        node.configure(settings("""
                warren.peers.ours {
                  host-name = proxying-lac
                  addresses = ["10.92.0.0/24"]
                  proxy-lcp = accept
                  proxy-authentication = off
                }
                """));
        node.start();
        try {
            call("chap-md5", 1461, REMOTE, PASSWORD);

            Await.until("a ping is answered", PATIENCE, () -> said("answered=1"));
            assertThat(log())
                    .as("she had to prove herself to us")
                    .contains("challenge=42")
                    .doesNotContain("lcp=");
        } finally {
            node.terminate();
            node.configure(settings(""));
            node.start();
        }
    }

    private void call(String method, int mru, String user, String password) {
        calls++;
        lac = LAB.topology()
                .startIn(
                        "lac",
                        logName(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProxyingLac.class.getName(),
                        Topology.LNS_ADDRESS,
                        SECRET,
                        method,
                        Integer.toString(mru),
                        user,
                        password,
                        WarrenNode.GATEWAY);
    }

    /** Each call has its own. */
    private static String logName() {
        return "proxying-lac-" + calls + ".log";
    }

    private static String log() {
        try {
            return Files.readString(LAB.topology().folder.resolve(logName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean said(String line) {
        List<String> lines = log().lines().toList();
        return lines.contains(line);
    }

    private static long answers() {
        return log().lines().filter(line -> line.startsWith("answered=")).count();
    }
}
