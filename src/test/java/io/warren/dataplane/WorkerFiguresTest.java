package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerFiguresTest {
    private static WorkerFigures figures(long longest, Long... batches) {
        return new WorkerFigures("up-0", 1_000, 250, 64, 8, longest, List.of(batches));
    }

    @Test
    void theTimeWithinWhichAShareIsDoneIsTheUpperEndOfItsElement() {
        WorkerFigures figures = figures(100_000, 10L, 80L, 9L, 1L);
        assertThat(figures.withinNanos(0.1)).isEqualTo(2_000);
        assertThat(figures.withinNanos(0.5)).isEqualTo(4_000);
        assertThat(figures.withinNanos(0.99)).isEqualTo(8_000);
        assertThat(figures.withinNanos(1)).as("the last element has no end").isEqualTo(100_000);
    }

    @Test
    void itIsNeverMoreThanTheLongest() {
        assertThat(figures(3_500, 0L, 5L, 0L).withinNanos(0.5)).isEqualTo(3_500);
    }

    @Test
    void withoutBatchesThereIsNoTime() {
        assertThat(figures(0).withinNanos(0.5)).isZero();
        assertThat(figures(0, 0L, 0L).withinNanos(0.99)).isZero();
    }

    @Test
    void theBusyShareIsOfTheTimeSinceTheStart() {
        assertThat(figures(0).busyShare()).isEqualTo(0.25);
        assertThat(new WorkerFigures("x", 0, 0, 0, 0, 0, List.of()).busyShare()).isZero();
    }
}
