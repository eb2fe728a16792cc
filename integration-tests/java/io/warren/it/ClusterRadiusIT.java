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

/** A cluster's calls are accounted for once, whoever is killed. */
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

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft", Means.FREERADIUS)
            .with(
                    "warren.radius.servers.one.address=" + Cluster.CORE_ADDRESS,
                    "warren.radius.servers.one.secret=" + FreeRadius.SECRET,
                    "warren.radius.local-users=behind",
                    "warren.radius.timeout=1s",
                    "warren.radius.attempts=2",
                    "warren.radius.dead-time=10s");

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
