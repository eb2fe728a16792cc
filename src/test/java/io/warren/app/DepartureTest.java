package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order in which a member stops. */
class DepartureTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final AtomicInteger shards = new AtomicInteger(3);
    private volatile boolean another = true;
    private volatile boolean stuck;
    private volatile long notReadyAt;
    private volatile long givenAt;

    private final Departure.Steps steps = new Departure.Steps() {
        @Override
        public void notReady() {
            notReadyAt = System.nanoTime();
            done.add("not ready");
        }

        @Override
        public void takeNoTunnels() {
            done.add("no tunnels");
        }

        @Override
        public void giveShardsAway() {
            givenAt = System.nanoTime();
            done.add("shards go");
        }

        @Override
        public int shardsHere() {
            boolean going = done.contains("shards go") && !stuck;
            return going ? Math.max(0, shards.getAndDecrement()) : shards.get();
        }

        @Override
        public boolean anotherCanTake() {
            return another;
        }
    };

    private void depart(Duration delay, Duration handOver) throws Exception {
        var _ = new Departure(steps, delay, handOver)
                .begin()
                .toCompletableFuture()
                .get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void readinessThenTunnelsThenTheBalancersTimeThenShards() throws Exception {
        depart(Duration.ofMillis(200), LONG);
        assertThat(done).containsExactly("not ready", "no tunnels", "shards go");
        assertThat(givenAt - notReadyAt)
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
        assertThat(shards.get()).isLessThanOrEqualTo(0);
    }

    @Test
    void shardsThatNobodyTakesDoNotKeepItForEver() throws Exception {
        stuck = true;
        depart(Duration.ZERO, Duration.ofMillis(100));
        assertThat(done).contains("shards go");
        assertThat(shards.get()).isEqualTo(3);
    }

    @Test
    void theLastNodeWaitsForNobody() throws Exception {
        another = false;
        depart(LONG.multipliedBy(2), LONG.multipliedBy(2));
        assertThat(done).containsExactly("not ready", "no tunnels");
    }

    @Test
    void theOthersMayGoWhileItWaits() throws Exception {
        stuck = true;
        Thread.ofVirtual().start(() -> {
            while (!done.contains("shards go")) {
                Thread.onSpinWait();
            }
            another = false;
        });
        depart(Duration.ZERO, LONG.multipliedBy(2));
        assertThat(done).contains("shards go");
    }
}
