package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.journal.PostgresqlServer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose journal is on PostgreSQL: the node is killed, and the server goes away for a while. */
@SuppressWarnings("NullAway.Init")
class PostgresIT {
    private static final int TUNNELS = 10;
    private static final int CALLS = 500;
    private static final int CALLS_PER_SECOND = 200;
    private static final Duration ABSENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final Lab LAB = Lab.withNode(Means.POSTGRESQL);

    static PostgresqlServer server;
    static WarrenNode node;

    @BeforeAll
    static void start() {
        server = LAB.owning(PostgresqlServer.start(LAB.topology().inside("lns"), 5432));
        // HELLOs and echoes often, so that there are many of them while the server is away.
        WarrenNode.Settings settings = WarrenNode.Settings.PLAIN
                .with(server.configuration())
                .with("warren { hello-interval = 5s, ppp.echo-interval = 5s }");
        node = LAB.owning(WarrenNode.configured(LAB.topology(), settings));
        assertThat(node.refusal()).contains("warren schema --apply");
        node.command("schema", "--apply");
        node.start();
    }

    @Test
    void callsSurviveKillMinusNine() {
        try (ManyCalls calls = ManyCalls.start(LAB.topology(), TUNNELS, CALLS, CALLS_PER_SECOND, null);
                Capture capture = Capture.start(LAB.topology(), "kill")) {
            calls.awaitAllUp(Duration.ofMinutes(1));
            node.kill();
            node.start();
            assertThat(calls.ping(WarrenNode.GATEWAY, CALLS, Duration.ofSeconds(5)))
                    .isEqualTo(CALLS);
            Await.until(
                    "every actor has come back",
                    Duration.ofMinutes(1),
                    () -> node.log().contains((CALLS + TUNNELS) + " tunnels and calls run again"));
            capture.stop();
            assertThat(capture.count(Capture.CDN) + capture.count(Capture.STOP_CCN))
                    .isZero();
            endInOrder(calls, CALLS);
        }
    }

    @Test
    void theServerGoesAwayForHalfAMinuteUnderCallsAndNewOnes() {
        try (ManyCalls calls = ManyCalls.start(LAB.topology(), TUNNELS, CALLS, CALLS_PER_SECOND, null)) {
            calls.awaitAllUp(Duration.ofMinutes(1));
            // Some of these are just being written when the server goes.
            calls.call(CALLS);
            Await.pause(Duration.ofSeconds(1));
            long gone = System.nanoTime();
            server.stop();
            Await.until("/ready is red", Duration.ofSeconds(3), () -> !node.ready());
            settle(calls);
            int up = calls.status("up");
            assertThat(up).isGreaterThan(CALLS);
            // The others were being written when the server went: their peers think that they are up, we do not yet.
            int running = calls.ping(WarrenNode.GATEWAY, up, Duration.ofSeconds(5));
            assertThat(running).isGreaterThanOrEqualTo(CALLS);

            newCallsAreRefusedAtOnce(calls);
            newTunnelsAreRefusedAtOnce();
            calls.drop(5);
            while (System.nanoTime() - gone < ABSENCE.toNanos()) {
                assertThat(calls.ping(WarrenNode.GATEWAY, running - 5, Duration.ofSeconds(10)))
                        .as("calls whose packets are forwarded")
                        .isGreaterThanOrEqualTo(running - 5);
                Await.pause(Duration.ofSeconds(1));
            }
            assertThat(calls.status("tunnels-closed")).isZero();

            server.resume();
            Await.until("/ready is green", Duration.ofSeconds(5), node::ready);
            int before = calls.status("up");
            calls.call(20);
            // Tunnels whose write failed have to find their numbers first.
            assertThat(calls.await("up", before + 20, Duration.ofSeconds(15))).isGreaterThanOrEqualTo(before + 20);
            int now = calls.status("up");
            Await.until(
                    "the node knows the same calls as their other end",
                    Duration.ofSeconds(90),
                    () -> node.sessionCount() == calls.status("up"));
            assertThat(calls.status("up")).isGreaterThanOrEqualTo(now);
            assertThat(calls.ping(WarrenNode.GATEWAY, now, Duration.ofSeconds(5)))
                    .isGreaterThanOrEqualTo(now);
            endInOrder(calls, 0);
        }
        assertThat(node.log()).doesNotContain(PostgresqlServer.PASSWORD);
    }

    /** Calls that were half up when the server went come to rest. */
    private static void settle(ManyCalls calls) {
        Await.pause(Duration.ofSeconds(4));
        assertThat(calls.status("tunnels-closed")).isZero();
    }

    private static void newCallsAreRefusedAtOnce(ManyCalls calls) {
        int refused = calls.status("closed-by-peer");
        calls.call(20);
        assertThat(calls.await("closed-by-peer", refused + 20, Duration.ofSeconds(3)) - refused)
                .as("calls refused within 3 s")
                .isGreaterThanOrEqualTo(20);
        assertThat(calls.text()).contains("CDN 4");
    }

    private static void newTunnelsAreRefusedAtOnce() {
        try (ManyCalls other = ManyCalls.start(LAB.topology(), "other.log", 1, 1, 1, null)) {
            assertThat(other.await("tunnels-closed", 1, Duration.ofSeconds(5))).isEqualTo(1);
            assertThat(other.text()).contains("no new tunnels for the moment");
        }
    }

    private static void endInOrder(ManyCalls calls, int atLeast) {
        int up = calls.status("up");
        assertThat(up).isGreaterThanOrEqualTo(atLeast);
        int closed = calls.status("closed");
        assertThat(calls.hangUp(closed + up, Duration.ofSeconds(60)))
                .as("calls that were ended in order")
                .isGreaterThanOrEqualTo(closed + up);
        Await.until("no call is left at the node", Duration.ofSeconds(60), () -> node.sessionCount() == 0);
    }
}
