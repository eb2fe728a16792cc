package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries of calls that another node owns, in the {@link ForwardingTable}. */
class StandbyEntriesTest {
    private static final int ADDRESS = address("10.64.0.9");

    /** Shard 3. */
    private static final SessionKey KEY = new SessionKey(0x0301, 9);

    private final ForwardingTable table = new ForwardingTable(local -> 0, 1_500);
    private final List<String> watched = new ArrayList<>();

    StandbyEntriesTest() {
        table.watch(new ClusterPlane.EntryWatcher() {
            @Override
            public void installed(ForwardingEntry entry) {
                watched.add("installed " + entry.key().sessionId());
            }

            @Override
            public void removed(SessionKey key) {
                watched.add("removed " + key.sessionId());
            }
        });
    }

    private static ForwardingEntry entry(int session, int address) {
        return Samples.entry(KEY.tunnelId(), session, address);
    }

    private Slot slot(int session) {
        return table.up(ForwardingTable.key(new SessionKey(KEY.tunnelId(), session)));
    }

    @Test
    void theyAreFoundButNeitherCountedNorListedNorTold() {
        table.standBy(List.of(entry(9, ADDRESS)));
        assertThat(slot(9).standby).isTrue();
        assertThat(table.down(ADDRESS)).isSameAs(slot(9));
        assertThat(table.size()).isZero();
        assertThat(table.installed(3)).isEmpty();
        assertThat(watched).isEmpty();
    }

    @Test
    void promotionKeepsNsAndTraffic() {
        table.standBy(List.of(entry(9, ADDRESS)));
        slot(9).traffic.countUp(100);
        table.takeNs(KEY);
        table.takeNs(KEY);
        table.install(entry(9, ADDRESS));
        assertThat(slot(9).standby).isFalse();
        assertThat(table.takeNs(KEY)).isEqualTo(2);
        assertThat(table.counters(KEY)).isEqualTo(new SessionCounters(1, 100, 0, 0, 0));
        assertThat(table.size()).isOne();
        assertThat(table.installed(3)).containsExactly(entry(9, ADDRESS));
        assertThat(watched).containsExactly("installed 9");
    }

    @Test
    void anInstalledEntryIsLeftAlone() {
        table.install(entry(9, ADDRESS));
        table.standBy(List.of(entry(9, ADDRESS + 1)));
        table.standDown(List.of(KEY));
        assertThat(slot(9).standby).isFalse();
        assertThat(slot(9).address).isEqualTo(ADDRESS);
        assertThat(table.size()).isOne();
    }

    @Test
    void anInstalledEntryKeepsItsAddressAgainstAStandbyOne() {
        table.install(entry(9, ADDRESS));
        table.standBy(List.of(entry(10, ADDRESS)));
        assertThat(table.down(ADDRESS)).isSameAs(slot(9));
        table.standDown(List.of(new SessionKey(KEY.tunnelId(), 10)));
        assertThat(table.down(ADDRESS)).isSameAs(slot(9));
        table.standBy(List.of(entry(10, ADDRESS)));
        table.install(entry(10, ADDRESS));
        assertThat(table.down(ADDRESS)).isSameAs(slot(10));
    }

    @Test
    void demotionKeepsTheEntryForTheCaseOfSilence() {
        table.install(entry(9, ADDRESS));
        table.install(entry(10, ADDRESS + 1));
        table.install(Samples.entry(0x0401, 9, ADDRESS + 2));
        slot(9).traffic.countDown(50);
        watched.clear();
        table.demote(3);
        assertThat(slot(9).standby).isTrue();
        assertThat(table.down(ADDRESS)).isSameAs(slot(9));
        assertThat(table.size()).isOne();
        assertThat(table.installed(3)).isEmpty();
        assertThat(table.installed(4)).hasSize(1);
        assertThat(watched).as("those who watch believe the new owner").isEmpty();
        assertThat(table.counters(KEY).downOctets()).isEqualTo(50);
    }

    @Test
    void aForgottenShardLeavesNothingButItsTotals() {
        table.install(entry(9, ADDRESS));
        table.standBy(List.of(entry(10, ADDRESS + 1), Samples.entry(0x0401, 9, ADDRESS + 2)));
        slot(9).traffic.countUp(40);
        slot(10).traffic.countUp(2);
        table.forgetShard(3);
        assertThat(slot(9)).isNull();
        assertThat(slot(10)).isNull();
        assertThat(table.down(ADDRESS)).isNull();
        assertThat(table.down(ADDRESS + 2)).isNotNull();
        assertThat(table.size()).isZero();
        assertThat(table.totals().upOctets()).isEqualTo(42);
    }

    @Test
    void whatIsRemovedOrLimitedHereIsOurs() {
        table.standBy(List.of(entry(9, ADDRESS)));
        assertThat(table.remove(KEY)).isEqualTo(SessionCounters.ZERO);
        table.limit(KEY, new TrafficLimits(1_000, 0, 0, 0, 0));
        assertThat(slot(9).standby).isTrue();
        assertThat(slot(9).upPolicer).isNull();
        table.standDown(List.of(KEY));
        assertThat(slot(9)).isNull();
        table.install(entry(9, ADDRESS));
        table.remove(KEY);
        assertThat(watched).containsExactly("installed 9", "removed 9");
    }

    @Test
    void countersOfRelayedPacketsAddUp() {
        Traffic traffic = new Traffic(1);
        traffic.countUp(1);
        traffic.countRelayedUp(2);
        traffic.countDown(4);
        traffic.countRelayedDown(8);
        assertThat(traffic.read()).isEqualTo(new SessionCounters(2, 3, 2, 12, 0));
    }

    @Test
    void theEndThatAPeerSpokeToLastOutlivesANewEntryOfTheSamePath() {
        table.install(entry(9, ADDRESS));
        assertThat(slot(9).reply).isEqualTo(slot(9).localEnd);
        slot(9).reply = 42;
        table.limit(KEY, new TrafficLimits(1_000, 0, 0, 0, 0));
        assertThat(slot(9).reply).isEqualTo(42);
        table.install(Samples.entry(KEY.tunnelId(), 9, ADDRESS, path("127.0.0.2", 1_701, "127.0.0.1", 40_000), 1_400));
        assertThat(slot(9).reply).isEqualTo(slot(9).localEnd);
    }
}
