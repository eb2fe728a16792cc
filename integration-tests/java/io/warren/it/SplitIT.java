package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One node of three no longer hears the two others, for twenty seconds. Its peers, and the database, still hear it. */
class SplitIT {
    private static final Duration SPLIT = Duration.ofSeconds(20);
    /** Until the lone node knows that it is alone, on a busy machine. */
    private static final Duration DECISION = Duration.ofSeconds(6);
    /** A lone node may end itself after the split is over, when it hears how the others have decided. */
    private static final Duration SECOND_THOUGHTS = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void theLoneNodeFallsSilentAndNoCallIsLost() {
        Cluster cluster = LAB.cluster();
        String lone = cluster.ownerOfMostShards();
        Instant[] split = new Instant[2];
        Path recording = cluster.folder.resolve("lone.pcap");
        Process tcpdump = record(cluster, lone, recording);
        try {
            FailoverWatch.noCallIsLost(cluster, FailoverWatch.Load.of(1_000, 20, 5_000, 30), () -> {
                split[0] = Instant.now();
                cluster.split(lone);
                Await.pause(SPLIT);
                split[1] = Instant.now();
                cluster.heal();
                comeBack(cluster, lone);
            });
            Shell.stop(tcpdump, PATIENCE);

            assertThat(sent(recording, split[0].minusSeconds(2), split[0]))
                    .as("datagrams of %s before it was alone", lone)
                    .isPositive();
            assertThat(sent(recording, split[0].plus(DECISION), split[1]))
                    .as("datagrams of %s, alone", lone)
                    .isZero();
        } finally {
            Shell.stop(tcpdump, PATIENCE);
        }
    }

    /** By itself, or, if it has ended, started as a service manager would. */
    private static void comeBack(Cluster cluster, String node) {
        Await.pause(SECOND_THOUGHTS);
        cluster.start(node);
        cluster.awaitSettled(3);
    }

    /** All L2TP that leaves the node for peers. */
    private static Process record(Cluster cluster, String node, Path file) {
        Process tcpdump = Shell.start(
                cluster.folder.resolve("tcpdump.log"),
                Shell.join(
                        cluster.inside(node),
                        "tcpdump",
                        "-i",
                        "public",
                        "-Q",
                        "out",
                        "-s",
                        "64",
                        "-U",
                        "-B",
                        "8192",
                        "-Z",
                        "root",
                        "-w",
                        file.toString(),
                        "udp src port 1701"));
        Await.until("tcpdump listens", PATIENCE, () -> Files.exists(file));
        return tcpdump;
    }

    private static long sent(Path recording, Instant from, Instant to) {
        String lines = Shell.run("sh", "-c", "tcpdump -tt -n -r " + recording + " 2>/dev/null | cut -d ' ' -f 1");
        return lines.lines()
                .mapToDouble(Double::parseDouble)
                .filter(at -> at >= seconds(from) && at <= seconds(to))
                .count();
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1_000.0;
    }
}
