package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Ipv6Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefixMapTest {
    private final ForwardingTable table = new ForwardingTable(_ -> 0, 1_500);
    private final PrefixMap map = new PrefixMap();

    @Test
    void theLongestPrefixCounts() {
        Slot wide = slot(1);
        Slot narrow = slot(2);
        map.put(new Ipv6Prefix(0x2001_0db8_0000_0000L, 0, 48), wide);
        map.put(new Ipv6Prefix(0x2001_0db8_0000_0000L, 0, 64), narrow);
        assertThat(map.get(0x2001_0db8_0000_0000L)).isSameAs(narrow);
        assertThat(map.get(0x2001_0db8_0000_0001L)).isSameAs(wide);
        map.remove(new Ipv6Prefix(0x2001_0db8_0000_0000L, 0, 64));
        assertThat(map.get(0x2001_0db8_0000_0000L)).isSameAs(wide);
        assertThat(map.get(0x2001_0db8_0001_0000L)).isNull();
    }

    @Test
    void saysWhatAPlainMapSays() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Map<Ipv6Prefix, Slot> oracle = new HashMap<>();
        Slot[] slots = {slot(1), slot(2), slot(3)};
        for (int round = 0; round < 50_000; round++) {
            Ipv6Prefix prefix = new Ipv6Prefix(
                    0x2001_0db8_0000_0000L | random.nextInt(4_096) << 4,
                    0,
                    new int[] {48, 56, 60, 64}[random.nextInt(4)]);
            if (random.nextInt(3) == 0) {
                oracle.remove(prefix);
                map.remove(prefix);
            } else {
                Slot slot = slots[random.nextInt(3)];
                oracle.put(prefix, slot);
                map.put(prefix, slot);
            }
            long high = 0x2001_0db8_0000_0000L | random.nextInt(65_536);
            assertThat(map.get(high)).as("seed %d, round %d", seed, round).isSameAs(longest(oracle, high));
            assertThat(map.size()).isEqualTo(oracle.size());
        }
    }

    private static @Nullable Slot longest(Map<Ipv6Prefix, Slot> oracle, long high) {
        for (int length = 64; length > 0; length--) {
            Slot slot = oracle.get(new Ipv6Prefix(high, 0, length));
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    private Slot slot(int session) {
        table.install(Samples.entry(1, session, session));
        Slot slot = table.up(1 << 16 | session);
        assertThat(slot).isNotNull();
        return slot;
    }
}
