package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster's calls are accounted for once, whoever is killed, and any node changes and ends them. */
class ClusterRadiusIT {
    private static final Duration ABSENCE = Duration.ofSeconds(60);
    private static final Duration PAID = Duration.ofSeconds(60);
    private static final int CALLS = 300;
    /** Packets a second, each way, and their octets. */
    private static final int RATE = 1_000;

    private static final int SIZE = 64;
    /** What a node that is killed has counted and not told its standby: of a second, and some more on a busy machine. */
    private static final int MOST_UNTOLD = 2 * RATE;

    /** Calls move this long before the kill, so that more than {@link #MOST_UNTOLD} would be missed. */
    private static final Duration LONG_ENOUGH_TO_MISS = Duration.ofSeconds(6);
    /** What was under way when server and node were killed: written there, but the answer never came. */
    private static final int MOST_TOLD_TWICE = 5;

    private static final String USERS = "DEFAULT Cleartext-Password := \"" + Cluster.PASSWORD + "\"\n";

    /** Within which a change is to take effect. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** More than the machine has to answer in a second without a limit, with work of others on it. */
    private static final int MANY = 100;
    /** More than twice what 200 kbit/s let through in a second. */
    private static final int FEW = 40;

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.forSubscribers(Means.PING);

    /** Calls begin and end all the time; those that do while the server is away are let in by the users file. */
    @Test
    void eachCallHasOneStartAndOneStopWhenServerAndNodeAreKilled() {
        Cluster cluster = LAB.cluster();
        try (FreeRadius server = FreeRadius.start(cluster, USERS)) {
            JsonNode found = FailoverWatch.nothingIsLost(
                    cluster,
                    FailoverWatch.Load.of(CALLS, 10, RATE, 10).withNewCalls(10, 5),
                    () -> killBoth(cluster, server));
            JsonNode round = FailoverLimits.rounds(found).getFirst();

            int newCalls = round.path("newCalls").path("accepted").asInt();
            assertThat(newCalls).isPositive();
            Await.until("each call that was told of is over", PAID, () -> {
                Set<String> stopped = Set.copyOf(server.ids("Stop"));
                return stopped.size() >= CALLS + newCalls && stopped.equals(Set.copyOf(server.ids("Start")));
            });
            assertThat(toldTwice(server.ids("Start")) + toldTwice(server.ids("Stop")))
                    .as("records that a database would have to know again by their Acct-Session-Id")
                    .isLessThanOrEqualTo(MOST_TOLD_TWICE);
            octetsAreRight(server, "up", "Input", round.path("up"), found.path("warmUp"));
            octetsAreRight(server, "down", "Output", round.path("down"), found.path("warmUp"));
        }
    }

    /** All stops together say what the clients moved, but for what the killed node had counted and not told yet. */
    private static void octetsAreRight(
            FreeRadius server, String direction, String name, JsonNode moved, JsonNode warmUp) {
        Map<String, Map<String, String>> stops = new HashMap<>();
        server.accounting().stream()
                .filter(record -> "Stop".equals(record.get("Acct-Status-Type")))
                .forEach(record -> stops.put(record.getOrDefault("Acct-Session-Id", ""), record));
        long packets = sum(stops.values(), "Acct-" + name + "-Packets");
        long before = warmUp.path(direction).asLong();
        assertThat(packets)
                .as("packets " + direction + " that were accounted for")
                .isBetween(
                        before + moved.path("received").asLong() - MOST_UNTOLD,
                        before + moved.path("sent").asLong());
        assertThat(sum(stops.values(), "Acct-" + name + "-Octets")).isEqualTo(SIZE * packets);
    }

    private static long sum(Collection<Map<String, String>> records, String attribute) {
        return records.stream()
                .mapToLong(record -> Long.parseLong(record.getOrDefault(attribute, "0")))
                .sum();
    }

    @Test
    void anyNodeChangesTheRatesOfACallAndEndsIt() {
        Cluster cluster = LAB.cluster();
        try (FreeRadius server = FreeRadius.start(cluster, USERS)) {
            ClusterCall carol = ClusterCall.dial(cluster, server, "carol", "call0");
            ClusterCall dave = ClusterCall.dial(cluster, server, "dave", "call1");
            changeRates(server, carol);

            for (String question : List.of(carol.byId(), dave.byName())) {
                ClusterCall call = question.equals(carol.byId()) ? carol : dave;
                String node = call.strangers().getFirst();
                assertThat(server.ask(Cluster.behind(node), "disconnect", question)
                                .output())
                        .as("what %s says of a call of %s", node, call.node)
                        .contains("Received Disconnect-ACK");
                Await.until("the call is over", PATIENCE, call::isOver);
                Await.until(
                        "its stop is written",
                        PATIENCE,
                        () -> server.ids("Stop").contains(call.id));
            }
            assertThat(server.ids("carol", "Stop")).containsExactly(carol.id).isEqualTo(server.ids("carol", "Start"));
            assertThat(server.ids("dave", "Stop")).containsExactly(dave.id).isEqualTo(server.ids("dave", "Start"));
        }
    }

    /** What is forwarded changes, too: echoes that come back show it. */
    private static void changeRates(FreeRadius server, ClusterCall call) {
        Process ping = call.ping("-D", "-i", "0.002", "-s", "1372", "-w", "20");
        Await.pause(AT_ONCE.multipliedBy(2));
        double narrowed = change(server, call, call.strangers().getFirst(), call.byId(), 200_000);
        Await.pause(AT_ONCE.multipliedBy(2));
        double widened = change(server, call, call.strangers().getLast(), call.byName(), 100_000_000);
        Await.pause(AT_ONCE.multipliedBy(2));
        Shell.stop(ping, PATIENCE);

        String echoes = call.pinged();
        assertThat(Ping.answeredWithin(echoes, narrowed - 1, narrowed))
                .as("echoes a second before the first change")
                .isGreaterThan(MANY);
        assertThat(Ping.answeredWithin(echoes, narrowed + 1, narrowed + 2))
                .as("one second after it")
                .isLessThan(FEW);
        assertThat(Ping.answeredWithin(echoes, widened + 1, widened + 2))
                .as("one second after the second change")
                .isGreaterThan(MANY);
    }

    /** @return when the node got to know, in seconds of Unix */
    private static double change(FreeRadius server, ClusterCall call, String node, String which, int rate) {
        startOfRadclient(server, node, which); // which comes from the disk perhaps
        Duration start = startOfRadclient(server, node, which);
        long begun = System.nanoTime() + start.toNanos();
        double asked = System.currentTimeMillis() / 1e3 + start.toNanos() / 1e9;
        Shell.Result answer = server.ask(
                Cluster.behind(node), "coa", which + ", Mikrotik-Rate-Limit = \"" + rate + "/" + rate + "\"");
        assertThat(answer.output())
                .as("what %s says of a call of %s", node, call.node)
                .contains("Received CoA-ACK");
        Await.until("the rates are others", AT_ONCE, () -> call.limit() == rate);
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf(
                "CoA to %s for a call of %s: in effect within %d ms of the start of radclient, which takes %d ms%n",
                node, call.node, taken.plus(start).toMillis(), start.toMillis());
        assertThat(taken).isLessThan(AT_ONCE);
        return asked;
    }

    /** What radclient takes by itself: the node refuses to move a call to another pool before it looks for the call. */
    private static Duration startOfRadclient(FreeRadius server, String node, String which) {
        long begun = System.nanoTime();
        assertThat(server.ask(Cluster.behind(node), "coa", which + ", Framed-Pool = \"other\"")
                        .output())
                .contains("Received CoA-NAK")
                .contains("Unsupported-Attribute");
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static int toldTwice(List<String> ids) {
        return ids.size() - Set.copyOf(ids).size();
    }

    private static void killBoth(Cluster cluster, FreeRadius server) {
        String node = cluster.ownerOfMostShards();
        Await.pause(LONG_ENOUGH_TO_MISS);
        long begun = System.nanoTime();
        server.kill();
        cluster.killUntilAllHasMoved(node);
        Await.pause(ABSENCE.minusNanos(System.nanoTime() - begun));
        server.start();
        cluster.bringBack(node, 3);
    }
}
