package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code warren bench failover} at work, with something done meanwhile. */
final class FailoverWatch {
    private static final Duration DIALLED = Duration.ofSeconds(180);
    private static final Duration ROUND = Duration.ofSeconds(240);
    /** In what the program says when it has dialled. */
    private static final String ALL_CAME_UP = ", 0 failed";

    private static final Duration END = Duration.ofSeconds(90);

    /**
     * Where it works.
     *
     * @param folder for its files
     * @param lac, core namespaces
     * @param password of all users
     */
    record Place(Path folder, String lac, String core, String coreAddress, String lns, String password) {
        static Place of(Cluster cluster) {
            return new Place(
                    cluster.folder,
                    cluster.namespace("lac"),
                    cluster.namespace("core"),
                    Cluster.CORE_ADDRESS,
                    Cluster.PUBLIC_ADDRESS + ":1701",
                    Cluster.PASSWORD);
        }

        static Place of(Topology topology, String password) {
            return new Place(
                    topology.folder,
                    topology.namespace("lac"),
                    topology.namespace("core"),
                    Topology.CORE_ADDRESS,
                    Topology.LNS_ADDRESS,
                    password);
        }
    }

    /** The calls and the traffic, as options of the program. */
    record Load(int calls, List<String> options) {
        /**
         * @param tunnels that the calls are in
         * @param rate packets per second, each way
         * @param seconds that each round takes at least
         */
        static Load of(int calls, int tunnels, int rate, int seconds) {
            return new Load(calls, List.of())
                    .with("--calls", calls)
                    .with("--tunnels", tunnels)
                    .with("--rate", rate)
                    .with("--seconds", seconds);
        }

        /** And others that come and go, in tunnels of their own. */
        Load withNewCalls(int perSecond, int tunnels) {
            return with("--new-calls", perSecond).with("--new-tunnels", tunnels);
        }

        /** With so many packets of one call one after the other, at most. */
        Load inTrainsOf(int packets) {
            return with("--train", packets);
        }

        /** For so long after each action, at least. */
        Load goingOnFor(int seconds) {
            return with("--after", seconds);
        }

        private Load with(String option, int value) {
            return new Load(calls, Shell.join(options, option, Integer.toString(value)));
        }
    }

    private final Place place;
    private final Path folder;

    private FailoverWatch(Place place) {
        this.place = place;
        try {
            this.folder = Files.createTempDirectory(place.folder(), "failover-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Dials, and does one thing after the other while traffic flows.
     *
     * @return what the program prints; round i is about action i. Its table goes to standard output
     */
    static JsonNode watch(Place place, Load load, Runnable... actions) {
        return new FailoverWatch(place).run(load, actions);
    }

    /**
     * The same with a cluster, where no call may be lost and no shard have two owners, whatever is done.
     *
     * @return the rounds
     */
    static List<JsonNode> noCallIsLost(Cluster cluster, Load load, Runnable... actions) {
        return FailoverLimits.rounds(nothingIsLost(cluster, load, actions));
    }

    /** The same, with all that the program prints. */
    static JsonNode nothingIsLost(Cluster cluster, Load load, Runnable... actions) {
        try (OwnershipWatch owners = OwnershipWatch.start(cluster, "n1", "n2", "n3")) {
            JsonNode found = watch(Place.of(cluster), load, actions);
            FailoverLimits.allCameUp(found, load.calls());
            List<JsonNode> rounds = FailoverLimits.rounds(found);
            assertThat(rounds).hasSize(actions.length).allSatisfy(FailoverLimits::nothingIsLost);
            owners.noShardHadTwoOwners();
            return found;
        }
    }

    private JsonNode run(Load load, Runnable... actions) {
        Process process = start(load, actions.length);
        try {
            for (int round = 1; round <= actions.length; round++) {
                awaitReady(process, round);
                attempt(actions[round - 1]);
                Files.createFile(folder.resolve("done-" + round));
            }
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("bench failover does not end: " + log());
            }
            System.out.println(log());
            String found = Files.readString(folder.resolve("found.json"), StandardCharsets.UTF_8);
            if (found.isBlank()) {
                throw new AssertionError("bench failover found nothing: " + log());
            }
            return Cluster.json(found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            Shell.stop(process, Duration.ofSeconds(10));
        }
    }

    /** When an action fails, what has been seen so far helps to find out why. */
    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("what was to be watched failed; bench failover said: " + log(), e);
        }
    }

    private Process start(Load load, int rounds) {
        List<String> command = new ArrayList<>(List.of(
                WarrenNode.PROGRAM.toString(),
                "bench",
                "failover",
                "--lac",
                place.lac(),
                "--core",
                place.core(),
                "--core-address",
                place.coreAddress(),
                "--lns",
                place.lns(),
                "--password",
                place.password()));
        command.addAll(load.options());
        for (int round = 1; round <= rounds; round++) {
            command.add("--on-ready");
            command.add(
                    "touch %1$s/ready-%2$d; until [ -e %1$s/done-%2$d ]; do sleep 0.05; done".formatted(folder, round));
        }
        try {
            return new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(folder.resolve("found.json").toFile())
                    .redirectError(folder.resolve("failover.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady(Process process, int round) {
        Await.until("all calls are up and traffic flows", round == 1 ? DIALLED : ROUND, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("bench failover ended early: " + log());
            }
            return Files.exists(folder.resolve("ready-" + round));
        });
        if (!log().contains(ALL_CAME_UP)) {
            throw new AssertionError("not all calls came up: " + log());
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("failover.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
