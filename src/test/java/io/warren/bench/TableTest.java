package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private static Result up64(Lns.Kind lns, int run, double pps, boolean limited) {
        return new Result(
                lns.title(),
                run,
                "up64",
                Map.of("pps", pps, "packets_per_cpu_s", 2 * pps),
                limited,
                new Anomalies(0, 0, 0, run));
    }

    @Test
    void hasMediansRangesRatiosAndAnomalies() {
        String table = new Table(
                        List.of(Lns.Kind.values()),
                        List.of(
                                up64(Lns.Kind.WARREN, 1, 300_000, true),
                                up64(Lns.Kind.L2TPNS, 1, 90_000, false),
                                up64(Lns.Kind.WARREN, 2, 200_400, true),
                                up64(Lns.Kind.L2TPNS, 2, 110_000, true),
                                up64(Lns.Kind.WARREN, 3, 100_000, false),
                                up64(Lns.Kind.L2TPNS, 3, 100_000, false)))
                .markdown();
        assertThat(table).isEqualTo("""
                | median (least – most) | Warren | l2tpns | ratio |
                |---|---:|---:|---:|
                | up, 64-byte UDP payload: packets per CPU-second of the LNS | 401,000 (200,000 – 600,000) | 200,000 (180,000 – 220,000) | 2.00 |
                | – packets/s with at most 0.1 % loss | ≥ 200,000 (100,000 – 300,000) | 100,000 (90,000 – 110,000) | 2.00 |
                | duplicated, misdelivered, corrupt, re-ordered packets, of all runs | 0, 0, 0, 6 | 0, 0, 0, 6 | |
                """);
    }

    @Test
    void numbersHaveThreeDigits() {
        assertThat(List.of(Table.number(0), Table.number(0.123), Table.number(12.34), Table.number(123.4)))
                .containsExactly("0", "0.12", "12.3", "123");
        assertThat(Table.number(1_234_567)).isEqualTo("1,230,000");
    }
}
