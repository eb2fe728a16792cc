package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What peers can make us compute by gaps in the counts of MPPE: calls of one {@link ForwardingTable}, in one instant. */
class SkippedKeysTest {
    private static final MasterKeys KEYS =
            new MasterKeys(Bytes.ofHex("00112233445566778899aabbccddeeff"), Bytes.ofHex("0f".repeat(16)));

    private static final int LARGE = 2_000;

    /** A call's own bound: a burst of 20,000 keys. */
    private static final int LARGE_GAPS_OF_A_CALL = 10;

    /** All calls' bound: a burst of 100,000 keys. */
    private static final int LARGE_GAPS_OF_ALL = 50;

    private long now;
    private final ForwardingTable table =
            new ForwardingTable(_ -> 0, 1_500, DataPlaneSettings.Forwarding.DEFAULT, () -> now);

    private static SessionKey call(int number) {
        return new SessionKey(0x0301 + number / 100, 1 + number % 100);
    }

    private void install(SessionKey key, long ccp) {
        table.install(new ForwardingEntry(
                key,
                Samples.path("127.0.0.1", 1701, "127.0.0.2", 1701),
                0x1234,
                0x5678,
                0,
                1_400,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE,
                null,
                new ForwardingEntry.Mppe(Strength.BITS_128, ccp, KEYS),
                List.of()));
    }

    /** A packet that makes no sense, so that the gap stays: how anybody can go on for ever. */
    private @Nullable DropReason gap(SessionKey key, int keys) {
        byte[] packet = new byte[40];
        packet[0] = (byte) (0x90 | keys >> 8);
        packet[1] = (byte) keys;
        MppePath path = Objects.requireNonNull(Objects.requireNonNull(table.up(ForwardingTable.key(key))).mppe);
        return path.open(MemorySegment.ofArray(packet), 0, packet.length, now);
    }

    private int admitted(SessionKey key, int keys, int times) {
        int admitted = 0;
        for (int n = 0; n < times; n++) {
            if (gap(key, keys) == DropReason.MPPE_NO_SENSE) {
                admitted++;
            }
        }
        return admitted;
    }

    @Test
    void manyCallsTogetherHaveABound() {
        int calls = 100;
        int admitted = 0;
        for (int n = 0; n < calls; n++) {
            install(call(n), 1);
            admitted += admitted(call(n), LARGE, 2 * LARGE_GAPS_OF_A_CALL);
        }
        assertThat(admitted).as("one each, and what all have").isEqualTo(calls + LARGE_GAPS_OF_ALL);
        assertThat(gap(call(calls - 1), LARGE)).isEqualTo(DropReason.MPPE_GAPS_OF_ALL);
        now += TimeUnit.SECONDS.toNanos(1);
        admitted = 0;
        for (int n = 0; n < calls; n++) {
            admitted += admitted(call(n), LARGE, 2 * LARGE_GAPS_OF_A_CALL);
        }
        assertThat(admitted).as("a second later").isEqualTo(LARGE_GAPS_OF_ALL);
    }

    @Test
    void oneCallCannotUseUpWhatAllHave() {
        install(call(1), 1);
        assertThat(admitted(call(1), LARGE, 1_000)).isEqualTo(LARGE_GAPS_OF_A_CALL);
        assertThat(gap(call(1), LARGE)).isEqualTo(DropReason.MPPE_GAP);
        install(call(2), 1);
        assertThat(admitted(call(2), LARGE, 1_000)).isEqualTo(LARGE_GAPS_OF_A_CALL);
    }

    @Test
    void whateverOthersDoACallMayHaveSmallGapsAndNowAndThenALargeOne() {
        for (int n = 0; n < 20; n++) {
            install(call(n), 1);
            admitted(call(n), LARGE, 2 * LARGE_GAPS_OF_A_CALL);
        }
        install(call(50), 1);
        assertThat(admitted(call(50), SkippedKeys.FEW, 200)).isEqualTo(200);
        assertThat(admitted(call(50), LARGE, 1_000)).isEqualTo(1);
        assertThat(gap(call(50), LARGE)).isEqualTo(DropReason.MPPE_GAPS_OF_ALL);
        assertThat(admitted(call(50), SkippedKeys.FEW, 200))
                .as("what was refused cost its call nothing")
                .isEqualTo(200);
        now += TimeUnit.SECONDS.toNanos(32);
        for (int n = 0; n < 20; n++) {
            admitted(call(n), LARGE, 2 * LARGE_GAPS_OF_A_CALL);
        }
        assertThat(gap(call(50), LARGE)).isEqualTo(DropReason.MPPE_NO_SENSE);
    }

    @Test
    void openingCcpAnewGivesACallNoMore() {
        install(call(1), 1);
        admitted(call(1), LARGE, 1_000);
        table.remove(call(1));
        install(call(1), 2);
        assertThat(gap(call(1), LARGE)).isEqualTo(DropReason.MPPE_GAP);
        install(call(1), 3);
        assertThat(gap(call(1), LARGE)).isEqualTo(DropReason.MPPE_GAP);
    }

    @Test
    void anotherCallWithTheSameIdsBeginsAnew() {
        install(call(1), 1);
        admitted(call(1), LARGE, 1_000);
        table.remove(call(1));
        table.forget(call(1));
        install(call(1), 2);
        assertThat(gap(call(1), LARGE)).isEqualTo(DropReason.MPPE_NO_SENSE);
    }

    @Test
    void nothingIsKeptOfCallsThatAreAnotherNodes() {
        install(call(1), 1);
        admitted(call(1), LARGE, 1_000);
        table.demote(3);
        assertThat(gap(call(1), LARGE)).isEqualTo(DropReason.MPPE_NO_KEYS);
        table.forgetShard(3);
        install(call(1), 2);
        assertThat(gap(call(1), LARGE)).isEqualTo(DropReason.MPPE_NO_SENSE);
    }
}
