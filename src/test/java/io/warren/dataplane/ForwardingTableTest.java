package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForwardingTableTest {
    private final ForwardingTable table = new ForwardingTable(local -> 0, 1_500);

    /** Few keys and addresses, so that everything collides: replaced keys, moved and disputed addresses. */
    @Test
    void agreesWithHashMapsUnderRandomChanges() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, ForwardingEntry> byKey = new HashMap<>();
        Map<Integer, ForwardingEntry> byAddress = new HashMap<>();
        for (int round = 0; round < 100_000; round++) {
            SessionKey key = new SessionKey(1 + random.nextInt(8), 1 + random.nextInt(64));
            ForwardingEntry old = byKey.get(ForwardingTable.key(key));
            if (random.nextInt(100) < 55) {
                int address = Samples.GATEWAY + random.nextInt(700);
                ForwardingEntry entry = Samples.entry(key.tunnelId(), key.sessionId(), address);
                table.install(entry);
                byKey.put(ForwardingTable.key(key), entry);
                forget(byAddress, old);
                byAddress.put(address, entry);
            } else {
                table.remove(key);
                byKey.remove(ForwardingTable.key(key));
                forget(byAddress, old);
            }
            if (round % 500 == 0) {
                compare(byKey, byAddress, "seed " + seed + " round " + round);
            }
        }
        compare(byKey, byAddress, "seed " + seed);
    }

    private static void forget(Map<Integer, ForwardingEntry> byAddress, @Nullable ForwardingEntry old) {
        if (old != null) {
            ForwardingEntry holder = byAddress.get(old.address());
            if (holder != null && holder.key().equals(old.key())) {
                byAddress.remove(old.address());
            }
        }
    }

    private void compare(Map<Integer, ForwardingEntry> byKey, Map<Integer, ForwardingEntry> byAddress, String context) {
        assertThat(table.size()).as(context).isEqualTo(byKey.size());
        for (int tunnel = 1; tunnel <= 8; tunnel++) {
            for (int session = 1; session <= 64; session++) {
                int key = ForwardingTable.key(new SessionKey(tunnel, session));
                Slot slot = table.up(key);
                assertThat(slot == null ? null : slot.entry).as(context).isEqualTo(byKey.get(key));
            }
        }
        for (int offset = 0; offset < 700; offset++) {
            Slot slot = table.down(Samples.GATEWAY + offset);
            assertThat(slot == null ? null : slot.entry).as(context).isEqualTo(byAddress.get(Samples.GATEWAY + offset));
        }
    }

    /** Entries that are never touched must be found at every moment, while others come and go and the arrays grow. */
    @Test
    void readersNeverMissAnEntryThatStays() throws Exception {
        int steady = 500;
        for (int session = 1; session <= steady; session++) {
            table.install(Samples.entry(1, session, session));
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong missed = new AtomicLong();
        AtomicLong looked = new AtomicLong();
        Runnable reader = () -> {
            while (!done.get()) {
                for (int session = 1; session <= steady; session++) {
                    Slot up = table.up(1 << 16 | session);
                    Slot down = table.down(session);
                    if (up == null || down != up || up.entry.key().sessionId() != session) {
                        missed.incrementAndGet();
                    }
                }
                looked.addAndGet(steady);
            }
        };
        List<Thread> readers =
                List.of(Thread.ofPlatform().start(reader), Thread.ofPlatform().start(reader));
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            int tunnel = 2 + random.nextInt(3);
            int session = 1 + random.nextInt(20_000);
            if (random.nextInt(3) > 0) {
                table.install(Samples.entry(tunnel, session, tunnel << 16 | session));
            } else {
                table.remove(new SessionKey(tunnel, session));
            }
        }
        done.set(true);
        for (Thread thread : readers) {
            thread.join();
        }
        assertThat(looked.get()).isPositive();
        assertThat(missed.get()).as("seed %d", seed).isZero();
    }

    @Test
    void countersOfAReplacedEntryGoOn() {
        SessionKey key = new SessionKey(1, 1);
        table.install(Samples.entry(1, 1, 42));
        Slot slot = Objects.requireNonNull(table.up(ForwardingTable.key(key)));
        slot.traffic.countUp(100);
        table.install(Samples.entry(1, 1, 43));
        slot.traffic.countDown(50);
        slot.traffic.countDrop();
        SessionCounters expected = new SessionCounters(1, 100, 1, 50, 1);
        assertThat(table.counters(key)).isEqualTo(expected);
        assertThat(table.down(42)).isNull();
        assertThat(table.remove(key)).isEqualTo(expected);
        assertThat(table.remove(key)).isEqualTo(SessionCounters.ZERO);
        assertThat(table.counters(key)).as("while the link is negotiated anew").isEqualTo(expected);
        table.install(Samples.entry(1, 1, 44));
        assertThat(table.counters(key)).isEqualTo(expected);
        table.remove(key);
        table.forget(key);
        assertThat(table.totals()).as("of all calls that there were").isEqualTo(expected);
        assertThat(table.meters(key)).isEqualTo(Meters.NONE);
        table.install(Samples.entry(1, 1, 43));
        assertThat(table.counters(key)).isEqualTo(SessionCounters.ZERO);
        assertThat(table.totals()).isEqualTo(expected);
    }

    @Test
    void aDisputedAddressStaysWithTheCallThatTookItLast() {
        table.install(Samples.entry(1, 1, 42));
        table.install(Samples.entry(1, 2, 42));
        table.remove(new SessionKey(1, 1));
        Slot slot = Objects.requireNonNull(table.down(42));
        assertThat(slot.entry.key()).isEqualTo(new SessionKey(1, 2));
    }

    @Test
    void tellsItsListenersOfEveryChange() {
        List<String> heard = new ArrayList<>();
        table.addListener(new ForwardingListener() {
            @Override
            public void installed(ForwardingEntry entry) {
                heard.add("+" + entry.key() + "/" + entry.address());
            }

            @Override
            public void removed(ForwardingEntry entry) {
                heard.add("-" + entry.key() + "/" + entry.address());
            }
        });
        table.install(Samples.entry(1, 1, 42));
        table.installAll(List.of(Samples.entry(1, 1, 43), Samples.entry(1, 2, 44)));
        table.remove(new SessionKey(1, 1));
        table.remove(new SessionKey(9, 9));
        assertThat(heard).containsExactly("+1-1/42", "+1-1/43", "+1-2/44", "-1-1/43");
    }

    @Test
    void tenThousandEntriesComeBackAtOnce() {
        List<ForwardingEntry> entries = new ArrayList<>();
        for (int index = 0; index < 10_000; index++) {
            entries.add(Samples.entry(1 + index / 200, 1 + index % 200, Samples.GATEWAY + 1 + index));
        }
        long start = System.nanoTime();
        table.installAll(entries);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        System.out.println("installAll of 10,000 entries took " + millis + " ms");
        assertThat(table.size()).isEqualTo(10_000);
        assertThat(millis).isLessThan(1_000);
    }

    @Test
    void twoHundredThousandEntriesTakeLittleMemory() {
        List<ForwardingEntry> entries = new ArrayList<>();
        var path = Samples.path("127.0.0.1", 1701, "127.0.0.1", 40_000);
        for (int index = 0; index < 200_000; index++) {
            entries.add(Samples.entry(1 + index / 2_000, 1 + index % 2_000, Samples.GATEWAY + 1 + index, path, 1_400));
        }
        long before = usedMemory();
        table.installAll(entries);
        long perEntry = (usedMemory() - before) / entries.size();
        System.out.println("a forwarding entry takes " + perEntry + " octets");
        assertThat(table.size()).isEqualTo(200_000);
        assertThat(perEntry).isLessThan(400);
    }

    @Test
    void limitsChangeAtOnceAndABucketThatStaysGoesOn() {
        long[] now = {0};
        ForwardingTable limited =
                new ForwardingTable(local -> 0, 1_500, DataPlaneSettings.Forwarding.DEFAULT, () -> now[0]);
        SessionKey key = new SessionKey(1, 1);
        limited.install(Samples.entry(1, 1, 5));
        assertThat(slot(limited).upPolicer).isNull();
        assertThat(slot(limited).downPolicer).isNull();
        limited.limit(key, new TrafficLimits(1_000_000, 0, 2_000_000, 9_000, 0));
        assertThat(Objects.requireNonNull(slot(limited).downPolicer).refuses(9_000, 0))
                .isNull();
        limited.limit(key, new TrafficLimits(0, 0, 2_000_000, 9_000, 0));
        assertThat(slot(limited).upPolicer).isNull();
        assertThat(Objects.requireNonNull(slot(limited).downPolicer).refuses(1_500, 0))
                .isEqualTo(DropReason.POLICED_DOWN);
        slot(limited).traffic.countUp(100);
        limited.limit(key, TrafficLimits.NONE);
        assertThat(slot(limited).downPolicer).isNull();
        assertThat(limited.counters(key).upOctets()).isEqualTo(100);
        limited.limit(new SessionKey(9, 9), TrafficLimits.NONE);
        assertThat(limited.size()).isEqualTo(1);
    }

    private static Slot slot(ForwardingTable table) {
        return Objects.requireNonNull(table.up(ForwardingTable.key(new SessionKey(1, 1))));
    }

    /** PPP's frames come before the entry, between its data, and after it. */
    @Test
    void oneCounterNumbersAllFramesOfACallFromTheFirstToTheLast() {
        SessionKey key = new SessionKey(1, 1);
        ForwardingEntry plain = Samples.entry(1, 1, 5);
        ForwardingEntry numbered =
                new ForwardingEntry(key, plain.path(), 2, 3, 5, 1_400, false, false, true, false, TrafficLimits.NONE);
        assertThat(table.takeNs(key)).isZero();
        assertThat(table.takeNs(key)).isEqualTo(1);
        table.install(numbered);
        assertThat(slot(table).traffic.takeNs()).as("data").isEqualTo(2);
        assertThat(table.takeNs(key)).isEqualTo(3);
        table.limit(key, new TrafficLimits(1_000, 0, 0, 0, 0));
        assertThat(table.takeNs(key)).isEqualTo(4);
        table.remove(key);
        assertThat(table.takeNs(key)).as("while the link is negotiated anew").isEqualTo(5);
        table.install(numbered);
        assertThat(table.takeNs(key)).isEqualTo(6);
        assertThat(table.counters(key)).isEqualTo(SessionCounters.ZERO);
        table.remove(key);
        table.forget(key);
        assertThat(table.takeNs(key)).as("a new call with these ids").isZero();
    }

    private static long usedMemory() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Ids and addresses come in patterns: the high bits must count for the place in the array. */
    @Test
    void keysThatDifferOnlyInTheirHighBitsDoNotPileUp() {
        long start = System.nanoTime();
        for (int tunnel = 0; tunnel < 65_536; tunnel++) {
            table.install(Samples.entry(tunnel, 1, tunnel << 16 | 1));
        }
        for (int tunnel = 0; tunnel < 65_536; tunnel++) {
            assertThat(table.up(tunnel << 16 | 1) != null && table.down(tunnel << 16 | 1) != null)
                    .isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
