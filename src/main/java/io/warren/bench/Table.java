package io.warren.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The results as a Markdown table of medians. Pure. */
final class Table {
    /** A line of the table. */
    private record Row(String label, String scenario, String figure) {}

    private static final List<Row> ROWS = List.of(
            new Row("up, 64-byte UDP payload: packets per CPU-second of the LNS", "up64", "packets_per_cpu_s"),
            new Row("– packets/s with at most 0.1 % loss", "up64", "pps"),
            new Row("down, 64-byte UDP payload: packets per CPU-second", "down64", "packets_per_cpu_s"),
            new Row("– packets/s", "down64", "pps"),
            new Row("up, 1,400-byte packets: packets per CPU-second", "up1400", "packets_per_cpu_s"),
            new Row("– packets/s", "up1400", "pps"),
            new Row("down, 1,400-byte packets: packets per CPU-second", "down1400", "packets_per_cpu_s"),
            new Row("– packets/s", "down1400", "pps"),
            new Row("one TCP stream through one call, up, Mbit/s", "tcp", "up_mbit"),
            new Row("– down, Mbit/s", "tcp", "down_mbit"),
            new Row("latency at 10,000 packets/s up, p50, µs", "latency", "up_p50_us"),
            new Row("– up, p99, µs", "latency", "up_p99_us"),
            new Row("– down, p50, µs", "latency", "down_p50_us"),
            new Row("– down, p99, µs", "latency", "down_p99_us"),
            new Row("calls set up per second", "setup1k", "calls_per_s"),
            new Row("– calls per CPU-second of the LNS", "setup1k", "calls_per_cpu_s"),
            new Row("– p50, ms", "setup1k", "p50_ms"),
            new Row("– p99, ms", "setup1k", "p99_ms"),
            new Row("10,000 calls in 50 tunnels: calls set up per second", "setup10k", "calls_per_s"),
            new Row("– calls per CPU-second of the LNS", "setup10k", "calls_per_cpu_s"));

    private final List<Lns.Kind> kinds;
    private final List<Result> results;

    Table(List<Lns.Kind> kinds, List<Result> results) {
        this.kinds = kinds;
        this.results = results;
    }

    /** Medians, with the least and the most; the last column is the first LNS's median divided by the second's. */
    String markdown() {
        boolean ratio = kinds.size() == 2;
        StringBuilder table = new StringBuilder("| median (least – most)");
        kinds.forEach(kind -> table.append(" | ").append(kind.title()));
        table.append(ratio ? " | ratio |\n" : " |\n").append("|---");
        kinds.forEach(_ -> table.append("|---:"));
        table.append(ratio ? "|---:|\n" : "|\n");
        for (Row row : ROWS) {
            if (values(row, null).count() > 0) {
                table.append(line(row, ratio));
            }
        }
        table.append("| duplicated, misdelivered, corrupt, re-ordered packets, of all runs");
        kinds.forEach(kind -> table.append(" | ").append(anomalies(kind)));
        return table.append(ratio ? " | |\n" : " |\n").toString();
    }

    private String line(Row row, boolean ratio) {
        StringBuilder line = new StringBuilder("| ").append(row.label());
        List<Double> medians = new ArrayList<>();
        for (Lns.Kind kind : kinds) {
            double[] sorted =
                    values(row, kind).mapToDouble(Double::doubleValue).sorted().toArray();
            line.append(" | ").append(cell(sorted, limited(row, kind)));
            medians.add(median(sorted));
        }
        if (ratio) {
            line.append(String.format(Locale.ROOT, " | %.2f", medians.getFirst() / medians.getLast()));
        }
        return line.append(" |\n").toString();
    }

    /** Of one LNS, or of all when it is null. */
    private Stream<Double> values(Row row, Lns.@org.jspecify.annotations.Nullable Kind kind) {
        return of(row, kind).map(result -> result.figures().get(row.figure())).filter(value -> value != null);
    }

    private Stream<Result> of(Row row, Lns.@org.jspecify.annotations.Nullable Kind kind) {
        return results.stream()
                .filter(result -> result.scenario().equals(row.scenario()))
                .filter(result -> kind == null || result.lns().equals(kind.title()));
    }

    private boolean limited(Row row, Lns.Kind kind) {
        boolean rate = row.figure().equals("pps") || row.figure().equals("calls_per_s");
        long limited = of(row, kind).filter(Result::generatorLimited).count();
        return rate && 2 * limited > of(row, kind).count();
    }

    private static String cell(double[] sorted, boolean limited) {
        if (sorted.length == 0) {
            return "";
        }
        String median = (limited ? "≥ " : "") + number(median(sorted));
        return sorted.length == 1
                ? median
                : median + " (" + number(sorted[0]) + " – " + number(sorted[sorted.length - 1]) + ")";
    }

    private String anomalies(Lns.Kind kind) {
        Anomalies sum = results.stream()
                .filter(result -> result.lns().equals(kind.title()))
                .map(Result::anomalies)
                .reduce(Anomalies.NONE, Anomalies::plus);
        return sum.duplicated() + ", " + sum.misdelivered() + ", " + sum.corrupt() + ", " + sum.reordered();
    }

    static double median(double[] sorted) {
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Three significant digits, in plain notation. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1_000) {
            double unit = Math.pow(10, Math.floor(Math.log10(size)) - 2);
            return String.format(Locale.ROOT, "%,.0f", Math.round(value / unit) * unit);
        }
        return String.format(Locale.ROOT, size >= 100 || value == 0 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
