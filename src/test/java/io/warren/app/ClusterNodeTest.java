package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.warren.config.Settings;
import io.warren.config.SettingsReader;
import io.warren.control.port.Availability;
import io.warren.control.port.CallMeters;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.dataplane.DataPlane;
import io.warren.journal.JournalDatabase;
import io.warren.journal.JournalIndex;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members in one JVM that find each other by their management addresses. Each has a journal of its own, so calls cannot
 * move here; shards belong to whoever is up and does not drain.
 */
final class ClusterNodeTest {
    private static final Endpoint RELAY = new Endpoint(Bytes.of((byte) 127, (byte) 0, (byte) 0, (byte) 1), 1702);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final Set<String> draining = ConcurrentHashMap.newKeySet();
    private final AtomicInteger killed = new AtomicInteger();
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (ClusterNode node : nodes) {
            node.stop();
        }
        for (ClusterNode node : nodes) {
            assertThat(node.awaitTermination()).isZero();
        }
    }

    private void choosePorts(int count) throws IOException {
        List<ServerSocket> chosen = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            chosen.add(free);
            ports.add(free.getLocalPort());
        }
        for (ServerSocket socket : chosen) {
            socket.close();
        }
    }

    private ClusterNode start(int index, int required) throws Exception {
        Files.writeString(directory.resolve("users"), "alice * wonderland *\n");
        String all = ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").collect(Collectors.joining(", "));
        ClusterNode node = ClusterNode.start(
                SettingsReader.read(
                        ConfigFactory.parseString("""
                        warren {
                          listen = ["127.0.0.1:0"]
                          tun.name = off
                          users-file = users
                          data-dir = "data-%d"
                          journal { database = postgresql, postgresql.url = "jdbc:postgresql://nowhere/warren" }
                          cluster {
                            enabled = on, address = "127.0.0.1", port = 0, secret = s, drain-delay = 200ms
                            nodes = [%s], required-nodes = %d
                          }
                        }
                        akka.management.http.port = %d
                        # all nodes share the test's processors
                        akka.cluster.failure-detector.acceptable-heartbeat-pause = 20s
                        """.formatted(index, all, required, ports.get(index))), directory),
                new Parts(),
                killed::incrementAndGet);
        nodes.add(node);
        return node;
    }

    /** Parts of a member on one machine: a journal for each, no relay. */
    private final class Parts implements MemberParts {
        @Override
        public OpenJournal journal(Settings settings) {
            var database = JournalDatabase.open(settings.dataDir());
            JournalIndex index = new JournalIndex();
            return new OpenJournal(database, index, database.config(), List.copyOf(database.setups(index)));
        }

        @Override
        public DataPlane plane(Settings settings) throws IOException {
            return DataPlane.open(DataPlaneWiring.settings(settings), new PacketDump(settings));
        }

        @Override
        public ClusterPlane relay(DataPlane plane) {
            return new NoRelay();
        }

        @Override
        public Started start(World world) throws IOException {
            ControlPlane control = new ControlPlane(
                    world.system(),
                    world.settings(),
                    world.plane().transport(),
                    world.plane().sessions(),
                    NodeSystem.access(world.system(), world.settings(), world.radius(), world.logins()),
                    world.radius(),
                    Availability.ALWAYS,
                    ControlPlane.Where.here(_ -> false));
            return new Started(control, new SharedBoard(Cluster.get(world.system())));
        }
    }

    /** A board that all nodes look at: the shards go round the members. */
    private final class SharedBoard implements Membership {
        private final Cluster cluster;

        SharedBoard(Cluster cluster) {
            this.cluster = cluster;
        }

        @Override
        public ClusterPicture picture() {
            List<String> up = StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                    .filter(member -> member.status().equals(MemberStatus.up()))
                    .map(member -> MemberState.name(member.address()))
                    .sorted()
                    .toList();
            List<String> owners =
                    up.stream().filter(name -> !draining.contains(name)).toList();
            Map<Integer, ClusterPicture.Shard> shards = new HashMap<>();
            for (int shard = 0; shard < Placement.SHARDS && !owners.isEmpty(); shard++) {
                shards.put(shard, new ClusterPicture.Shard(owners.get(shard % owners.size()), true, null));
            }
            return new ClusterPicture(
                    up.stream()
                            .map(name -> new ClusterPicture.Report(name, RELAY, draining.contains(name), null))
                            .toList(),
                    shards);
        }

        @Override
        public void drain(boolean on) {
            String self = MemberState.name(cluster.selfMember().address());
            boolean _ = on ? draining.add(self) : draining.remove(self);
        }
    }

    private static final class NoRelay implements ClusterPlane {
        @Override
        public void place(Placement placement) {}

        @Override
        public void standBy(Collection<ForwardingEntry> entries) {}

        @Override
        public void standDown(Collection<SessionKey> keys) {}

        @Override
        public void demote(int shard) {}

        @Override
        public void forgetShard(int shard) {}

        @Override
        public Collection<ForwardingEntry> installed(int shard) {
            return List.of();
        }

        @Override
        public void watch(EntryWatcher watcher) {}

        @Override
        public boolean handOn(PeerPath path, byte[] datagram) {
            return false;
        }

        @Override
        public void readMeters(IntPredicate shards, MeterReader reader) {}

        @Override
        public void learnMeters(Collection<CallMeters> calls, boolean byOwner) {}

        @Override
        public void forgetMeters(Collection<SessionKey> keys) {}

        @Override
        public Set<Endpoint> heard() {
            return Set.of(RELAY);
        }
    }

    private static HttpResponse<String> ask(ClusterNode node, String method, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(node.managementUrl() + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static boolean ready(ClusterNode node) throws Exception {
        return ask(node, "GET", "/ready").statusCode() == 200;
    }

    private static JsonNode cluster(ClusterNode node) throws Exception {
        return JSON.readTree(ask(node, "GET", "/l2tp/cluster").body());
    }

    private static void eventually(Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(100);
        }
    }

    @Test
    void nodesFindEachOtherAndADrainedOneStaysAMember() throws Exception {
        choosePorts(2);
        ClusterNode one = start(0, 2);
        assertThat(ready(one)).isFalse();
        assertThat(ask(one, "GET", "/ready").body()).contains("member").contains("256 of 256 have no owner");
        assertThat(ask(one, "GET", "/alive").statusCode()).isEqualTo(200);
        ClusterNode two = start(1, 2);
        eventually(() -> ready(one) && ready(two));
        assertThat(cluster(one).get("nodes").size()).isEqualTo(2);
        assertThat(cluster(one).get("unowned")).isEmpty();

        assertThat(ask(two, "POST", "/l2tp/drain").statusCode()).isEqualTo(202);
        eventually(() -> !ready(two));
        assertThat(ask(two, "GET", "/ready").body()).contains("draining, 0 shards are still here");
        assertThat(ask(two, "GET", "/l2tp/node").body())
                .contains("\"status\":\"up\"")
                .contains("\"draining\":true");
        assertThat(ready(one)).isTrue();
        assertThat(ask(two, "DELETE", "/l2tp/drain").statusCode()).isEqualTo(202);
        eventually(() -> ready(two));

        for (int tunnel = 1; tunnel < 1_200; tunnel += 256) {
            for (ClusterNode node : List.of(one, two)) {
                assertThat(ask(node, "GET", "/l2tp/sessions/" + tunnel + "-1").statusCode())
                        .isEqualTo(404);
                assertThat(ask(node, "DELETE", "/l2tp/tunnels/" + tunnel).statusCode())
                        .isEqualTo(404);
            }
        }

        two.stop();
        assertThat(two.awaitTermination()).isZero();
        nodes.remove(two);
        eventually(() -> cluster(one).get("nodes").size() == 1);
        assertThat(ready(one)).isTrue();
        assertThat(killed).hasValue(0);
    }
}
