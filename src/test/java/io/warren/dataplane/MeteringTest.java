package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeteringTest {
    private static final ForwardingEntry ENTRY = Samples.entry(0x301, 9, 42);
    private static final int KEY = ForwardingTable.key(ENTRY.key());

    private final Metering metering = new Metering();
    private final SlotMap slots = new SlotMap() {
        @Override
        int keyOf(Slot slot) {
            return slot.key;
        }
    };

    private static CallMeters told(int peerSessionId) {
        return new CallMeters(
                ENTRY.key(), ENTRY.peerTunnelId(), peerSessionId, Map.of(1L, new SessionCounters(1, 1, 1, 1, 1)));
    }

    @Test
    void whatOthersToldOfAnOlderCallWithOurIdsIsNotTheNewOnes() {
        metering.learn(told(ENTRY.peerSessionId() + 1), null, true);
        Traffic traffic = metering.traffic(ENTRY, null);
        assertThat(metering.meters(ENTRY.key(), traffic).elsewhere()).isNull();
    }

    @Test
    void whatOthersToldOfACallBeforeItsEntryCounts() {
        metering.learn(told(ENTRY.peerSessionId()), null, true);
        Traffic traffic = metering.traffic(ENTRY, null);
        assertThat(metering.meters(ENTRY.key(), traffic).elsewhere()).isEqualTo(told(ENTRY.peerSessionId()));
    }

    @Test
    void aCallThatIsForgottenWhileItIsReadIsNotShown() {
        metering.learn(told(ENTRY.peerSessionId()), null, true);
        metering.rest(KEY, metering.traffic(ENTRY, null));
        List<CallMeters> read = new ArrayList<>();
        metering.read(
                _ -> {
                    metering.forget(KEY);
                    return true;
                },
                slots,
                (_, call) -> read.add(call));
        assertThat(read).isEmpty();
        assertThat(metering.wasShown(KEY)).isFalse();
    }
}
