package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final int RUN = 7;
    private static final int LENGTH = 101;

    private final MemorySegment memory = Arena.ofAuto().allocate(2_048, 8);
    private final Arrivals arrivals = new Arrivals(Payload.UP, RUN, 3, null);

    private void write(int flow, int sequence) {
        Payload.write(memory, 0, LENGTH, Payload.UP, RUN, flow, sequence, 1_000);
    }

    private void arrive(int flow, int sequence) {
        write(flow, sequence);
        arrivals.arrived(memory, 0, LENGTH, flow, 6_000);
    }

    private Anomalies anomalies() {
        return arrivals.counts().anomalies();
    }

    @Test
    void inOrderAndWithLossesIsNoAnomaly() {
        for (int sequence : new int[] {0, 1, 5, 6, 200}) {
            arrive(1, sequence);
        }
        assertThat(anomalies()).isEqualTo(Anomalies.NONE);
        assertThat(arrivals.counts().received()).isEqualTo(5);
        assertThat(arrivals.counts().octets()).isEqualTo(5 * LENGTH);
        assertThat(arrivals.counts().medianMicros()).isBetween(4.5, 5.0);
    }

    @Test
    void aCopyIsNotReceivedAgain() {
        arrive(0, 0);
        arrive(0, 1);
        arrive(0, 0);
        arrive(0, 1);
        assertThat(anomalies()).isEqualTo(new Anomalies(2, 0, 0, 0));
        assertThat(arrivals.counts().received()).isEqualTo(2);
    }

    @Test
    void aLateOneIsReceivedButReordered() {
        arrive(0, 0);
        arrive(0, 2);
        arrive(0, 1);
        arrive(0, 1);
        arrive(0, 3);
        assertThat(anomalies()).isEqualTo(new Anomalies(1, 0, 0, 1));
        assertThat(arrivals.counts().received()).isEqualTo(4);
    }

    @Test
    void anotherOnesIsMisdelivered() {
        write(0, 0);
        arrivals.arrived(memory, 0, LENGTH, 1, 6_000);
        arrivals.arrived(memory, 0, LENGTH, -1, 6_000);
        assertThat(anomalies()).isEqualTo(new Anomalies(0, 2, 0, 0));
        assertThat(arrivals.counts().received()).isZero();
    }

    @Test
    void anyChangedOctetIsCorrupt() {
        for (int index = 0; index < LENGTH; index++) {
            write(2, 9);
            memory.set(ValueLayout.JAVA_BYTE, index, (byte) (memory.get(ValueLayout.JAVA_BYTE, index) ^ 0x10));
            arrivals.arrived(memory, 0, LENGTH, 2, 6_000);
            assertThat(anomalies().corrupt()).as("octet %d", index).isEqualTo(index + 1);
        }
        assertThat(arrivals.counts().received()).isZero();
    }

    @Test
    void cutOrForeignIsCorrupt() {
        write(2, 9);
        arrivals.arrived(memory, 0, LENGTH - 1, 2, 6_000);
        arrivals.arrived(memory, 0, -1, 2, 6_000);
        Payload.write(memory, 0, LENGTH, Payload.DOWN, RUN, 2, 9, 1_000);
        arrivals.arrived(memory, 0, LENGTH, 2, 6_000);
        assertThat(anomalies().corrupt()).isEqualTo(3);
    }

    @Test
    void halvesOfTwoPacketsAreNoticed() {
        write(2, 10);
        MemorySegment half = memory.asSlice(LENGTH / 2, LENGTH / 2);
        byte[] second = half.toArray(ValueLayout.JAVA_BYTE);
        write(2, 9);
        MemorySegment.copy(second, 0, memory, ValueLayout.JAVA_BYTE, LENGTH / 2, second.length);
        arrivals.arrived(memory, 0, LENGTH, 2, 6_000);
        assertThat(anomalies().corrupt()).isOne();
    }

    @Test
    void whatIsLeftOfAnEarlierRunCountsForNothing() {
        Payload.write(memory, 0, LENGTH, Payload.UP, RUN - 1, 0, 0, 1_000);
        arrivals.arrived(memory, 0, LENGTH, 0, 6_000);
        assertThat(anomalies().none()).isTrue();
        assertThat(arrivals.counts().received()).isZero();
    }
}
