package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node goes away under a call of a real Linux client and comes back. */
@SuppressWarnings("NullAway.Init")
class RestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PING_INTERVAL = Duration.ofMillis(100);
    private static final LinuxClient.Dial DIAL =
            new LinuxClient.Dial("restart", WarrenNode.USER, WarrenNode.PASSWORD, "chap", "kernel", null);

    @RegisterExtension
    static final Lab LAB = Lab.withNodeAndLinux();

    static WarrenNode node;
    static Guest guest;
    static LinuxClient client;

    @BeforeAll
    static void boot() {
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN));
        guest = LAB.owning(Guest.boot(LAB.topology()));
        client = new LinuxClient(guest);
    }

    @BeforeEach
    void connect() {
        client.connect(DIAL);
    }

    @AfterEach
    void hangUp() {
        client.hangUp();
        Await.until(
                "the call is off the list",
                PATIENCE,
                () -> node.sessionsOf(WarrenNode.USER).isEmpty());
    }

    @Test
    void aCallSurvivesKillMinusNineUnderARunningPing() {
        survives(node::kill);
    }

    @Test
    void aCallSurvivesAnOrderlyRestart() {
        survives(() -> assertThat(node.terminate()).isIn(0, 143));
    }

    private void survives(Runnable end) {
        JsonNode before = onlySession();
        try (Capture capture = Capture.start(LAB.topology(), "restart")) {
            Guest.Running ping =
                    guest.start("echo $$ > /run/ping.pid; exec ping -i 0.1 -W 1 -c 1000 " + Topology.CORE_ADDRESS);
            Await.until(
                    "the ping runs",
                    PATIENCE,
                    () -> Ping.of(ping.output()).answered().size() >= 5);
            int lastBefore = Ping.of(ping.output()).last();

            long away = System.nanoTime();
            end.run();
            node.start();
            Duration absence = Duration.ofNanos(System.nanoTime() - away);
            Await.until(
                    "the ping is answered again",
                    PATIENCE,
                    () -> Ping.of(ping.output()).last() > lastBefore + absence.dividedBy(PING_INTERVAL) + 20);
            guest.run(PATIENCE, "kill -INT $(cat /run/ping.pid)");
            Ping answered = Ping.of(ping.await(PATIENCE).output());

            long most = absence.plusSeconds(1).dividedBy(PING_INTERVAL);
            assertThat((long) answered.lost())
                    .as("echoes lost, of those sent in the %s that the node was away", absence)
                    .isLessThanOrEqualTo(most);
            JsonNode after = onlySession();
            assertThat(after.path("id")).isEqualTo(before.path("id"));
            assertThat(after.path("address")).isEqualTo(before.path("address"));
            assertThat(capture.count(Capture.CDN)
                            + capture.stopCcnsOf(before.path("tunnelId").asInt()))
                    .as("CDN and StopCCN; that of an earlier test's tunnel may be repeated")
                    .isZero();

            assertThat(client.hangUp())
                    .as("the control connection goes on, too")
                    .containsEntry("hangup", "clean")
                    .containsEntry("terminate-ack", "yes");
            Await.until(
                    "the call is off the list",
                    PATIENCE,
                    () -> node.sessionsOf(WarrenNode.USER).isEmpty());
            capture.stop();
            assertThat(capture.countFrom(Topology.GUEST_ADDRESS, Capture.CDN)
                            + capture.countFrom(Topology.GUEST_ADDRESS, Capture.STOP_CCN))
                    .isPositive();
            assertThat(capture.malformed()).isEmpty();
        }
    }

    @Test
    void callsAreEndedOnStopIfTheOperatorWantsIt() {
        node.terminate();
        node.configure(WarrenNode.Settings.PLAIN.withOnStop("hangup"));
        node.start();
        try (Capture capture = Capture.start(LAB.topology(), "hangup")) {
            assertThat(onlySession().path("user").asText()).isEqualTo(WarrenNode.USER);

            assertThat(node.terminate()).isIn(0, 143);

            capture.stop();
            assertThat(capture.countFrom(Topology.LNS_ADDRESS, Capture.CDN)
                            + capture.countFrom(Topology.LNS_ADDRESS, Capture.STOP_CCN))
                    .isPositive();
            assertThat(capture.malformed()).isEmpty();
        } finally {
            node.configure(WarrenNode.Settings.PLAIN);
            node.start();
        }
        assertThat(node.sessionsOf(WarrenNode.USER)).isEmpty();
    }

    private static JsonNode onlySession() {
        List<JsonNode> sessions = node.sessionsOf(WarrenNode.USER);
        assertThat(sessions).hasSize(1);
        return sessions.getFirst();
    }
}
