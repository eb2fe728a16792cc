package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.config.SubscriberSettings;
import io.warren.config.SubscriberSettings.DuplicateLogins;
import io.warren.control.Tally;
import io.warren.control.access.Logins.Answer;
import io.warren.control.cluster.ClusterView;
import io.warren.control.login.ClusterLogins;
import io.warren.control.login.Login;
import io.warren.control.login.LoginSearch;
import io.warren.control.port.CallDetails;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that talk to each other over TCP, with real desks; which calls they have is said by the test. */
final class LoginsAcrossNodesTest {
    private static final Config CONFIG = ConfigFactory.parseString("""
            akka {
              loglevel = ERROR
              actor.provider = cluster
              remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
              coordinated-shutdown { run-by-jvm-shutdown-hook = off, exit-jvm = off, run-by-actor-system-terminate = off }
              cluster.jmx.enabled = off
              # all nodes share the test's processors; who is dead, the test says
              cluster.failure-detector.acceptable-heartbeat-pause = 60s
            }
            """)
            .withFallback(ConfigFactory.parseResources("cluster.conf"))
            .withFallback(ConfigFactory.parseResources("node.conf"))
            .withFallback(ConfigFactory.load());
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final PeerPath PATH =
            new PeerPath(new Endpoint(Bytes.ofHex("c0000201"), 1701), new Endpoint(Bytes.ofHex("0a000002"), 1701));
    private static final String ALICE = "alice";

    private final List<TestNode> nodes = new ArrayList<>();
    /** Which node of the list has which shard. */
    private final AtomicReference<List<Integer>> owners = new AtomicReference<>(List.of(0, 1, 2));

    /** Which nodes of the list have said that they are there. */
    private final Set<Integer> reporting = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void threeNodes() throws Exception {
        for (int number = 0; number < 3; number++) {
            nodes.add(new TestNode(number));
        }
        for (TestNode node : nodes) {
            Cluster.get(node.system)
                    .manager()
                    .tell(Join.create(
                            Cluster.get(nodes.getFirst().system).selfMember().address()));
        }
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (nodes.stream().anyMatch(node -> node.membersUp() < 3)) {
            assertThat(System.nanoTime()).as("the cluster forms").isLessThan(giveUp);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (TestNode node : nodes) {
            node.system.terminate();
        }
        for (TestNode node : nodes) {
            node.system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    /** The shards go round the nodes that own any. */
    private int ownerOf(int shard) {
        return owners.get().get(shard % owners.get().size());
    }

    private final class TestNode implements LoginCalls.Themselves {
        private final int number;
        private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "warren", CONFIG);
        private final String name =
                MemberState.name(Cluster.get(system).selfMember().address());
        private final Map<SessionKey, Login> calls = new ConcurrentHashMap<>();
        private final Tally tally = new Tally(System::nanoTime);
        private final Map<DuplicateLogins, ClusterLogins> logins = new HashMap<>();

        TestNode(int number) {
            this.number = number;
            LoginCalls.answer(system, this::here);
            LoginCalls all = new LoginCalls(
                    LoginCalls.others(system, name, LoginsAcrossNodesTest.this::picture), this::here, this);
            ClusterView view = new ClusterView(name);
            for (DuplicateLogins policy : DuplicateLogins.values()) {
                ClusterLogins some =
                        new ClusterLogins(new SubscriberSettings(policy, 1), Duration.ofSeconds(2), System::nanoTime);
                some.open(system, view.logins(), all, tally);
                logins.put(policy, some);
            }
        }

        private long membersUp() {
            return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                    .filter(member -> member.status().equals(MemberStatus.up()))
                    .count();
        }

        private LoginSearch.Result here(String user, List<SessionKey> keys) {
            BitSet shards = new BitSet();
            for (int shard = 0; shard < Placement.SHARDS; shard++) {
                shards.set(shard, ownerOf(shard) == number);
            }
            return LoginSearch.Result.of(
                    calls.values().stream()
                            .filter(login -> login.user().equals(user) || keys.contains(login.key()))
                            .toList(),
                    shards);
        }

        @Override
        public CompletionStage<Optional<Login>> ask(SessionKey key) {
            return CompletableFuture.completedFuture(nodes.stream()
                    .flatMap(node -> Optional.ofNullable(node.calls.get(key)).stream())
                    .findFirst());
        }

        @Override
        public void end(SessionKey key, String reason) {
            nodes.forEach(node -> node.calls.remove(key));
        }

        void has(CallDetails call, String user) {
            calls.put(call.key(), new Login(call.key(), call.accountingId(), user, call.at(), false));
        }

        CompletionStage<Answer> begin(DuplicateLogins policy, CallDetails call, int limit) {
            has(call, "");
            return logins.get(policy).claim(call, ALICE, limit).thenApply(answer -> {
                if (answer instanceof Answer.Admitted) {
                    // unless it has been ended already
                    calls.computeIfPresent(
                            call.key(), (key, _) -> new Login(key, call.accountingId(), ALICE, call.at(), false));
                } else {
                    calls.remove(call.key());
                }
                return answer;
            });
        }

        Answer claim(DuplicateLogins policy, CallDetails call, int limit) throws Exception {
            return begin(policy, call, limit).toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private ClusterPicture picture() {
        Map<Integer, ClusterPicture.Shard> holders = new HashMap<>();
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            holders.put(shard, new ClusterPicture.Shard(nodes.get(ownerOf(shard)).name, true, null));
        }
        List<ClusterPicture.Report> reports = nodes.stream()
                .filter(node -> reporting.contains(node.number))
                .map(node -> new ClusterPicture.Report(node.name, PATH.local(), false, null))
                .toList();
        return new ClusterPicture(reports, holders);
    }

    private static CallDetails call(int session) {
        return new CallDetails(
                new SessionKey(1, session),
                PATH,
                "lac",
                null,
                null,
                0,
                0,
                0,
                AccessLine.NONE,
                NOON.plusSeconds(session));
    }

    @Test
    void aUserIsOnceInTheWholeCluster() throws Exception {
        TestNode one = nodes.get(0);
        TestNode two = nodes.get(1);
        assertThat(one.claim(DuplicateLogins.DENY, call(1), 0)).isEqualTo(new Answer.Admitted());
        assertThat(two.claim(DuplicateLogins.DENY, call(2), 0))
                .isEqualTo(new Answer.Refused("already logged in, with call 1-1"));
        assertThat(two.tally.snapshot()).containsEntry("a login denied: the user has as many calls as he may have", 1L);
        assertThat(one.claim(DuplicateLogins.DENY, call(1), 0))
                .as("the same call again")
                .isEqualTo(new Answer.Admitted());
        assertThat(two.claim(DuplicateLogins.ALLOW, call(3), 2))
                .as("Port-Limit")
                .isEqualTo(new Answer.Admitted());
        assertThat(one.claim(DuplicateLogins.ALLOW, call(4), 2)).isInstanceOf(Answer.Refused.class);

        assertThat(nodes.get(2).claim(DuplicateLogins.REPLACE, call(5), 0)).isEqualTo(new Answer.Admitted());
        assertThat(nodes.get(2).logins.get(DuplicateLogins.REPLACE).hasReplaced(call(5).key()))
                .isTrue();
        assertThat(one.calls).isEmpty();
        assertThat(two.calls).isEmpty();
        assertThat(nodes.get(2).tally.snapshot()).containsEntry("a call ended for a newer one of its user", 2L);
    }

    @Test
    void ofManyAtOnceOneIsIn() throws Exception {
        int session = 0;
        for (DuplicateLogins policy : List.of(DuplicateLogins.DENY, DuplicateLogins.REPLACE)) {
            for (int round = 0; round < 10; round++) {
                List<CompletionStage<Answer>> answers = new ArrayList<>();
                for (int number = 0; number < 9; number++) {
                    answers.add(nodes.get(number % 3).begin(policy, call(++session), 0));
                }
                List<Answer> all = new ArrayList<>();
                for (CompletionStage<Answer> answer : answers) {
                    all.add(answer.toCompletableFuture().get(60, TimeUnit.SECONDS));
                }
                long admitted = all.stream()
                        .filter(answer -> answer instanceof Answer.Admitted)
                        .count();
                if (policy == DuplicateLogins.DENY) {
                    assertThat(admitted).as("%s", all).isOne();
                }
                assertThat(nodes.stream().mapToInt(node -> node.calls.size()).sum())
                        .as("%s", all)
                        .isOne();
                nodes.forEach(node -> node.calls.clear());
            }
        }
    }

    /** A node that joins runs calls of shards that the picture has elsewhere yet. */
    @Test
    void callsCountOfANodeThatOwnsNoShardYet() throws Exception {
        owners.set(List.of(0, 1));
        reporting.addAll(List.of(0, 1, 2));
        nodes.get(2).has(call(1), ALICE);
        assertThat(nodes.get(0).claim(DuplicateLogins.DENY, call(2), 0))
                .isEqualTo(new Answer.Refused("already logged in, with call 1-1"));
        nodes.get(2).calls.clear();
        assertThat(nodes.get(2).claim(DuplicateLogins.DENY, call(3), 0)).isEqualTo(new Answer.Admitted());
        reporting.clear();
        assertThat(nodes.get(2).claim(DuplicateLogins.REPLACE, call(4), 0))
                .as("it is asked itself")
                .isEqualTo(new Answer.Admitted());
    }

    /** The calls of a node that is killed live on at others, and its desks do. */
    @Test
    void aCallThatLivesOnAtAnotherNodeStillCounts() throws Exception {
        TestNode dead = nodes.get(2);
        assertThat(dead.claim(DuplicateLogins.DENY, call(1), 0)).isEqualTo(new Answer.Admitted());
        dead.system.terminate();
        Cluster.get(nodes.get(0).system)
                .manager()
                .tell(new Down(Cluster.get(dead.system).selfMember().address()));
        CompletionStage<Answer> answer = nodes.get(1).begin(DuplicateLogins.DENY, call(2), 0);
        TimeUnit.SECONDS.sleep(2);
        nodes.get(0).has(call(1), ALICE);
        owners.set(List.of(0, 1));
        assertThat(answer.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(new Answer.Refused("already logged in, with call 1-1"));
        nodes.get(0).calls.clear();
        assertThat(nodes.get(1).claim(DuplicateLogins.DENY, call(2), 0)).isEqualTo(new Answer.Admitted());
    }
}
