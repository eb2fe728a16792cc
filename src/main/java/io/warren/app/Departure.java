package io.warren.app;

import akka.Done;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a member stops so that no call notices: it says that it is not ready, takes no new tunnels, gives the balancer time
 * to look elsewhere, hands its shards over while it goes on forwarding and relaying, and only then leaves the cluster.
 * What follows (leave, end of the actors, sockets closed last) is done by the phases of Akka's coordinated shutdown.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    /** Shards that nobody has taken after so long are left to the coordinator, which has a hand-over of its own. */
    static final Duration HAND_OVER = Duration.ofSeconds(45);

    private static final Duration LOOK = Duration.ofMillis(50);

    /** What a departure is made of, in this order. */
    interface Steps {
        /** Readiness is red from now on. */
        void notReady();

        /** No new tunnels here. */
        void takeNoTunnels();

        /** The shards may go. */
        void giveShardsAway();

        /** Shards that are still here, or whose new owner is not ready. */
        int shardsHere();

        /** Whether there is another node that could take them. */
        boolean anotherCanTake();
    }

    private final Steps steps;
    private final Duration delay;
    private final Duration handOver;

    /**
     * @param delay between "not ready" and the first shard that goes
     * @param handOver the longest time for all shards
     */
    Departure(Steps steps, Duration delay, Duration handOver) {
        this.steps = steps;
        this.delay = delay;
        this.handOver = handOver;
    }

    /** Never fails; done when the node may leave. */
    CompletionStage<Done> begin() {
        steps.notReady();
        steps.takeNoTunnels();
        CompletableFuture<Done> done = new CompletableFuture<>();
        Thread.ofVirtual().name("warren-departure").start(() -> {
            try {
                goThrough();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("the hand-over failed; the node leaves all the same", e);
            } finally {
                done.complete(Done.getInstance());
            }
        });
        return done;
    }

    private void goThrough() throws InterruptedException {
        if (!steps.anotherCanTake()) {
            LOG.info("no other node takes the calls: they wait in the journal");
            return;
        }
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        int before = steps.shardsHere();
        long begun = System.nanoTime();
        steps.giveShardsAway();
        while (steps.shardsHere() > 0 && steps.anotherCanTake()) {
            if (System.nanoTime() - begun > handOver.toNanos()) {
                LOG.warn("{} of {} shards are still here after {}", steps.shardsHere(), before, handOver);
                return;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        LOG.info("{} shards handed over in {} ms", before, (System.nanoTime() - begun) / 1_000_000);
    }
}
