package io.warren.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AddressPoolsTest {
    private static final int GATEWAY = address("10.0.0.1");

    private static final List<Cidr> POOL =
            List.of(Cidr.parse("10.0.0.0/24"), Cidr.parse("10.0.2.0/23"), Cidr.parse("10.9.9.9"));

    private final AddressPools pools =
            new AddressPools(Map.of("default", List.of("10.0.0.0/29", "10.0.1.0/30")), GATEWAY);

    @Test
    void givesEveryHostAddressOnceAndNotTheGateway() {
        Set<Integer> given = new HashSet<>();
        for (int i = 1; ; i++) {
            OptionalInt address = any(key(i), "user" + i);
            if (address.isEmpty()) {
                break;
            }
            assertThat(given.add(address.getAsInt())).isTrue();
        }
        assertThat(given.stream().map(Ipv4::dotted))
                .containsExactlyInAnyOrder(
                        "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.1.1", "10.0.1.2");
        assertThat(pools.usage())
                .containsExactly(new AddressPools.Usage("default", List.of("10.0.0.0/29", "10.0.1.0/30"), 7, 7));
    }

    @Test
    void aUserGetsHisLastAddressAgainWhileItIsFree() {
        int first = any(key(1), "anna").orElseThrow();
        pools.release(key(1), first);
        assertThat(any(key(2), "bert")).isPresent();
        assertThat(any(key(3), "anna")).hasValue(first);
        assertThat(any(key(4), "anna").orElseThrow()).isNotEqualTo(first);
    }

    @Test
    void aCallThatAsksAgainKeepsItsAddress() {
        int first = any(key(1), "anna").orElseThrow();
        assertThat(any(key(1), "other")).hasValue(first);
        assertThat(pools.leased()).isEqualTo(1);
    }

    @Test
    void freedAddressesRestBeforeTheyAreGivenToOthers() {
        int first = any(key(1), "anna").orElseThrow();
        pools.release(key(1), first);
        for (int i = 2; i <= 7; i++) {
            assertThat(any(key(i), "user" + i).orElseThrow()).isNotEqualTo(first);
        }
        assertThat(any(key(8), "user8")).hasValue(first);
    }

    @Test
    void onlyTheOwnerReleases() {
        int leased = any(key(1), "anna").orElseThrow();
        assertThat(pools.release(key(2), leased)).isFalse();
        assertThat(pools.lease(key(2), leased)).isFalse();
        assertThat(pools.release(key(1), leased)).isTrue();
        assertThat(pools.release(key(1), leased)).isFalse();
        assertThat(pools.lease(key(2), leased)).isTrue();
    }

    @Test
    void leasesNobodysAddressNever() {
        for (String text : List.of("10.0.0.0", "10.0.0.1", "10.0.0.7", "10.0.1.3", "0.0.0.0")) {
            assertThat(pools.lease(key(1), address(text))).as(text).isFalse();
        }
        assertThat(pools.lease(key(1), address("192.0.2.1"))).isTrue();
        assertThat(pools.lease(key(2), address("192.0.2.1"))).isFalse();
    }

    @Test
    void aRestoredAddressIsNotGivenAway() {
        pools.restore(key(9), address("10.0.0.2"));
        for (int i = 1; i <= 6; i++) {
            assertThat(any(key(i), "user" + i).orElseThrow()).isNotEqualTo(address("10.0.0.2"));
        }
        assertThat(any(key(7), "user7")).isEmpty();
        assertThat(any(key(9), "anna")).hasValue(address("10.0.0.2"));
    }

    @Test
    void ofListedAddressesTheFirstFreeOneIsLeased() {
        List<Cidr> ranges = List.of(Cidr.parse("10.0.0.4"), Cidr.parse("192.0.2.0/30"));
        assertThat(pools.leaseWithin(ranges, key(1), "anna")).hasValue(address("10.0.0.4"));
        assertThat(pools.leaseWithin(ranges, key(2), "anna")).hasValue(address("192.0.2.1"));
        assertThat(pools.leaseWithin(ranges, key(3), "anna")).hasValue(address("192.0.2.2"));
        assertThat(pools.leaseWithin(ranges, key(4), "anna")).isEmpty();
        pools.release(key(2), address("192.0.2.1"));
        assertThat(pools.leaseWithin(ranges, key(4), "anna")).hasValue(address("192.0.2.1"));
    }

    @Test
    void reportsAllMistakesTogether() {
        assertThatThrownBy(() -> new AddressPools(
                        Map.of("a", List.of("10.0.0.0/8", "10.1.0.0/16", "10.0.0.1/24", "127.0.0.0/8", "20.0.0.0/7")),
                        0))
                .hasMessageContaining("overlaps 10.0.0.0/8 of pool a")
                .hasMessageContaining("the range is 10.0.0.0/24")
                .hasMessageContaining("127.0.0.0/8 holds no addresses")
                .hasMessageContaining("larger than a /8");
    }

    @Test
    void aLargePoolThatIsNearlyFullStaysFast() {
        AddressPools large = new AddressPools(Map.of("default", List.of("10.0.0.0/12")), GATEWAY);
        int size = large.usage().getFirst().size();
        assertThat(size).isEqualTo((1 << 20) - 3);
        int last = 0;
        for (int i = 0; i < size; i++) {
            last = large.leaseAny("default", new SessionKey(i >>> 16, i & 0xffff), "user")
                    .orElseThrow();
        }
        assertThat(large.leaseAny("default", key(70_000), "user")).isEmpty();
        for (int i = 0; i < 100_000; i++) {
            SessionKey owner = i == 0 ? new SessionKey((size - 1) >>> 16, (size - 1) & 0xffff) : key(70_000 + i - 1);
            assertThat(large.release(owner, last)).isTrue();
            assertThat(large.leaseAny("default", key(70_000 + i), "other" + i)).hasValue(last);
        }
    }

    @Test
    void neverLeasesTwiceOverAMillionRandomOperations() {
        long seed = Long.getLong("warren.seed", System.nanoTime());
        Random random = new Random(seed);
        AddressPools many = new AddressPools(
                Map.of("default", POOL.stream().map(Cidr::toString).toList()), GATEWAY);
        int size = many.usage().getFirst().size();
        Model model = new Model();
        try {
            for (int i = 0; i < 1_000_000; i++) {
                randomOperation(random, many, model, size);
                if (i % 10_000 == 0) {
                    assertThat(many.leased()).isEqualTo(model.owners.size());
                }
            }
            model.owners.forEach(
                    (address, owner) -> assertThat(many.release(owner, address)).isTrue());
            assertThat(many.usage().getFirst().leased()).isZero();
        } catch (AssertionError e) {
            throw new AssertionError("with -Dwarren.seed=" + seed, e);
        }
    }

    private static void randomOperation(Random random, AddressPools pools, Model model, int size) {
        SessionKey key = key(1 + random.nextInt(1_200));
        int address = 0x0a000000 + random.nextInt(1_100);
        switch (random.nextInt(4)) {
            case 0 -> {
                OptionalInt any = pools.leaseAny("default", key, "user" + random.nextInt(500));
                if (any.isEmpty()) {
                    check(model.inPool == size, "refused though there is room");
                } else {
                    check(model.lease(any.getAsInt(), key), "leased twice");
                }
            }
            case 1 -> {
                boolean granted = pools.lease(key, address);
                SessionKey owner = model.owners.get(address);
                boolean hosts = address != GATEWAY
                        && !List.of(0x0a000000, 0x0a0000ff, 0x0a000200, 0x0a0003ff)
                                .contains(address);
                check(granted == (hosts && (owner == null || owner.equals(key))), "lease of one address");
                if (granted) {
                    model.lease(address, key);
                }
            }
            default -> check(pools.release(key, address) == model.release(address, key), "release");
        }
    }

    /** The slow and obvious way to do it. */
    private static final class Model {
        final Map<Integer, SessionKey> owners = new HashMap<>();
        int inPool;

        boolean lease(int address, SessionKey key) {
            SessionKey owner = owners.putIfAbsent(address, key);
            if (owner == null && isInPool(address)) {
                inPool++;
            }
            return owner == null || owner.equals(key);
        }

        boolean release(int address, SessionKey key) {
            boolean released = owners.remove(address, key);
            if (released && isInPool(address)) {
                inPool--;
            }
            return released;
        }

        private static boolean isInPool(int address) {
            return POOL.stream().anyMatch(range -> range.contains(address));
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }

    @Test
    void neverLeasesTwiceToManyThreads() throws Exception {
        AddressPools few = new AddressPools(Map.of("default", List.of("10.0.0.0/26")), GATEWAY);
        Map<Integer, SessionKey> held = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 1; thread <= 8; thread++) {
                int number = thread;
                Callable<Integer> work = () -> leaseAndRelease(few, held, number);
                results.add(threads.submit(work));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
        }
        assertThat(few.leased()).isZero();
    }

    private static int leaseAndRelease(AddressPools pools, Map<Integer, SessionKey> held, int thread) {
        int leases = 0;
        for (int i = 0; i < 20_000; i++) {
            SessionKey key = new SessionKey(thread, 1 + i);
            OptionalInt address = pools.leaseAny("default", key, "user" + i % 50);
            if (address.isPresent()) {
                leases++;
                check(held.put(address.getAsInt(), key) == null, "leased twice");
                Thread.onSpinWait();
                held.remove(address.getAsInt());
                check(pools.release(key, address.getAsInt()), "not released");
            }
        }
        return leases;
    }

    private OptionalInt any(SessionKey key, String user) {
        return pools.leaseAny(AddressPools.DEFAULT, key, user);
    }

    private static SessionKey key(int number) {
        return new SessionKey(100 + (number >>> 16), number & 0xffff);
    }

    private static int address(String text) {
        return Cidr.parse(text).base();
    }
}
