package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code warren dial} as the client: of Linux as an LNS, and of a node of ours. */
@SuppressWarnings("NullAway.Init")
class WarrenDialIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "tunnel secret";
    /** Addresses of the Linux LNS, see lns-start. */
    private static final String LINUX_GATEWAY = "10.93.0.1";

    private static final String BEHIND_LINUX = "203.0.113.1";
    /** An address of the network between lac and lns that no host has. */
    private static final String NOBODY = "10.92.0.77";

    @RegisterExtension
    static final Lab LAB = Lab.withNodeAndLinux();

    static WarrenNode node;
    static Guest guest;

    @BeforeAll
    static void start() {
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN.withSecret(SECRET)));
        guest = LAB.owning(Guest.boot(LAB.topology()));
    }

    @AfterEach
    void allCallsAreOver() {
        Await.until(
                "the call is off the list",
                PATIENCE,
                () -> node.sessionsOf(WarrenNode.USER).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"pap, kernel", "chap, kernel", "mschap-v2, kernel", "mschap-v2, pty"})
    void dialsLinuxAndPingsThrough(String auth, String mode) {
        linuxLns(auth, mode);

        Shell.Result result =
                dial(Topology.GUEST_ADDRESS, WarrenNode.PASSWORD, SECRET, "--ping", BEHIND_LINUX, "--count", "5");

        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("10.93.0.");
        assertThat(guest.log("lns/pppd.log")).contains("rcvd [LCP TermReq");
    }

    @Test
    void dialsWarrenAndPingsTheGatewayAndAHostBehindIt() {
        try (Capture capture = Capture.start(LAB.topology(), "dial")) {
            for (String target : List.of(WarrenNode.GATEWAY, Topology.CORE_ADDRESS)) {
                Shell.Result result =
                        dial(Topology.LNS_ADDRESS, WarrenNode.PASSWORD, SECRET, "--ping", target, "--count", "5");
                assertThat(result.status()).as(result.output()).isZero();
            }
            capture.stop();
            assertThat(capture.malformed()).isEmpty();
            assertThat(capture.countFrom(Topology.LAC_ADDRESS, Capture.CDN)).isPositive();
            assertThat(capture.countFrom(Topology.LAC_ADDRESS, Capture.STOP_CCN))
                    .isPositive();
        }
    }

    @Test
    void withATunTheWholeHostUsesTheCall() {
        Process dial = LAB.topology()
                .startIn("lac", "dial.log", words(Topology.LNS_ADDRESS, WarrenNode.PASSWORD, SECRET, "--tun", "call0"));
        Await.until(
                "the call's interface has its address",
                PATIENCE,
                () -> LAB.topology()
                        .attemptIn("lac", PATIENCE, "ip", "-4", "-o", "address", "show", "dev", "call0")
                        .output()
                        .contains(WarrenNode.POOL_PREFIX));
        LAB.topology().in("lac", "ip", "route", "add", "198.51.100.0/24", "dev", "call0");

        String ping = LAB.topology().in("lac", "ping", "-c", "10", "-i", "0.05", "-W", "2", Topology.CORE_ADDRESS);

        assertThat(Ping.of(ping).answered()).hasSize(10);
        Shell.stop(dial, Duration.ofSeconds(10));
        assertThat(LAB.topology()
                        .attemptIn("lac", PATIENCE, "ip", "link", "show", "call0")
                        .status())
                .isNotZero();
    }

    @Test
    void aWrongPasswordIsToldWithItsReason() {
        Shell.Result result = dial(Topology.LNS_ADDRESS, "not the password", SECRET);

        assertThat(result.status()).isOne();
        assertThat(result.output()).contains("refused");
    }

    @Test
    void aWrongTunnelSecretIsToldWithItsReason() {
        Shell.Result result = dial(Topology.LNS_ADDRESS, WarrenNode.PASSWORD, "another secret");

        assertThat(result.status()).isOne();
        assertThat(result.output()).contains("tunnel closed by");
    }

    @Test
    void nobodyThereIsToldWithinTheTimeout() {
        Shell.Result result = dial(NOBODY, WarrenNode.PASSWORD, SECRET, "--timeout", "3");

        assertThat(result.status()).isOne();
        assertThat(result.output()).contains("no answer within 3 s");
    }

    private static void linuxLns(String auth, String mode) {
        Shell.Result result = guest.script(
                PATIENCE,
                "lns-start",
                List.of(
                        "user=" + WarrenNode.USER,
                        "password=" + WarrenNode.PASSWORD,
                        "secret=" + SECRET,
                        "auth=" + auth,
                        "mode=" + mode,
                        "gateway=" + LINUX_GATEWAY,
                        "behind=" + BEHIND_LINUX + "/24"));
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static Shell.Result dial(String host, String password, String secret, String... more) {
        return LAB.topology().attemptIn("lac", PATIENCE, words(host, password, secret, more));
    }

    private static String[] words(String host, String password, String secret, String... more) {
        List<String> words = new ArrayList<>(List.of(
                WarrenNode.PROGRAM.toString(),
                "dial",
                host,
                "--user",
                WarrenNode.USER,
                "--password-file",
                secretFile("password", password),
                "--secret-file",
                secretFile("secret", secret)));
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    private static String secretFile(String name, String content) {
        try {
            Path file = LAB.topology().folder.resolve(name);
            Files.writeString(file, content + "\n");
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
