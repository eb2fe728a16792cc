package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.FilterRule;
import io.warren.config.FilterRules;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Uplink} and {@link Downlink} of calls that are behind filters, and of those that are not. */
class FilteredForwardingTest extends HandFedForwarding {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int LISTED = address("192.0.2.1");
    private static final int OTHER = address("198.51.100.1");
    private static final SessionKey KEY = new SessionKey(7, 9);
    private static final DataPlaneSettings.Forwarding FORWARDING = new DataPlaneSettings.Forwarding(
            1,
            OuterDscp.NONE,
            OuterDontFragment.CLEAR,
            false,
            false,
            0,
            Duration.ZERO,
            Filters.of(List.of(new FilterRules(
                    "garden",
                    List.of(FilterRule.parse("accept to 192.0.2.0/24")),
                    List.of(FilterRule.parse("accept from 192.0.2.0/24"))))));

    FilteredForwardingTest() {
        super(FORWARDING, System::nanoTime, 4, null);
    }

    @Test
    void aFilteredCallReachesOnlyWhatIsListed() {
        install(List.of("garden"));
        up(LISTED);
        up(OTHER);
        down(LISTED);
        down(OTHER);
        assertThat(network).hasSize(1);
        assertThat(count(DropReason.FILTERED_UP)).isEqualTo(1);
        assertThat(count(DropReason.FILTERED_DOWN)).isEqualTo(1);
        assertThat(table.counters(KEY).upPackets()).isEqualTo(1);
        assertThat(table.counters(KEY).downPackets()).isEqualTo(1);
        assertThat(table.counters(KEY).drops()).isEqualTo(2);
    }

    @Test
    void onAndOffWhileTheCallIsUpAndTheCountersGoOn() {
        install(List.of());
        up(OTHER);
        install(List.of("garden.out"));
        up(OTHER);
        down(OTHER);
        install(List.of("not here"));
        up(OTHER);
        down(OTHER);
        assertThat(network).hasSize(3);
        assertThat(count(DropReason.FILTERED_DOWN)).isEqualTo(1);
        assertThat(count(DropReason.FILTERED_UP)).isZero();
        assertThat(table.counters(KEY).upPackets()).isEqualTo(3);
    }

    private void install(List<String> filters) {
        table.install(new ForwardingEntry(
                KEY,
                path(),
                0x1234,
                0x5678,
                SUBSCRIBER,
                1_400,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE,
                null,
                null,
                filters));
    }

    private void up(int destination) {
        byte[] packet = Samples.udpPacket(SUBSCRIBER, destination, 100);
        arrive(Samples.data(0, 7, 9, 0, concat(hex("ff03 0021"), packet)), 0);
    }

    private void down(int source) {
        down(Samples.udpPacket(source, SUBSCRIBER, 100));
    }

    private long count(DropReason reason) {
        return drops.count(reason);
    }
}
