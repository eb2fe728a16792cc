package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Asks all nodes again and again which shards they have, while something happens to them. A shard that a node has before
 * and after another one says that it has it, too, has two owners.
 */
final class OwnershipWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String MARK = "%%";
    /** What the logs say when two have written the journal of one tunnel or call. */
    private static final List<String> TWO_WRITERS =
            List.of("Invalid replayed event", "duplicate key value violates unique constraint");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster cluster;
    private final List<String> nodes;
    private final Queue<String> doubles = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile int looks;

    private OwnershipWatch(Cluster cluster, List<String> nodes) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.thread = Thread.ofPlatform().daemon().name("ownership").unstarted(this::watch);
    }

    static OwnershipWatch start(Cluster cluster, String... nodes) {
        OwnershipWatch watch = new OwnershipWatch(cluster, List.of(nodes));
        watch.thread.start();
        return watch;
    }

    private void watch() {
        while (!closing) {
            compare(ask());
            looks++;
            Await.pause(PAUSE);
        }
    }

    /** What each node says, twice, in the order in which they are asked. */
    private List<Set<Integer>> ask() {
        List<String> command = new ArrayList<>(cluster.inside("db"));
        command.addAll(List.of("curl", "-s", "-m", "2", "-w", MARK));
        for (int turn = 0; turn < 2; turn++) {
            nodes.forEach(node -> command.add(Cluster.management(node) + "/l2tp/cluster"));
        }
        // One that does not answer has nothing but its mark.
        String[] answers = Shell.attempt(PATIENCE, command).output().split(MARK, -1);
        List<Set<Integer>> owned = new ArrayList<>();
        for (int index = 0; index < 2 * nodes.size(); index++) {
            owned.add(index < answers.length ? owned(answers[index]) : Set.of());
        }
        return owned;
    }

    private static Set<Integer> owned(String answer) {
        try {
            JsonNode view = JSON.readTree(answer);
            return view == null ? Set.of() : new HashSet<>(Cluster.owned(view));
        } catch (JsonProcessingException e) {
            return Set.of();
        }
    }

    private void compare(List<Set<Integer>> owned) {
        int count = nodes.size();
        for (int first = 0; first < count; first++) {
            for (int second = first + 1; second < count; second++) {
                Set<Integer> both = new HashSet<>(owned.get(first));
                both.retainAll(owned.get(second));
                both.retainAll(owned.get(first + count));
                if (!both.isEmpty()) {
                    doubles.add(nodes.get(first) + " and " + nodes.get(second) + " have " + both);
                }
            }
        }
    }

    /** Ends it. */
    void noShardHadTwoOwners() {
        close();
        assertThat(looks).as("looks at the nodes").isGreaterThan(3);
        assertThat(doubles).isEmpty();
        for (String node : nodes) {
            assertThat(cluster.log(node)).doesNotContain(TWO_WRITERS);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
