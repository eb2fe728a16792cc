package io.warren.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Measures one LNS after the other, again and again, each time from a fresh start. */
final class Comparison {
    private static final int LATENCY_RATE = 10_000;
    private static final int LATENCY_SECONDS = 5;
    private static final int MANY_CALLS = 10_000;
    private static final int MANY_TUNNELS = 50;
    private static final double WARM_RATE = 40_000;
    /** IP packets with 64 octets of UDP payload. */
    private static final int SMALL = 92;

    private static final int LARGE = 1_400;

    /**
     * What is measured, and how.
     *
     * @param warren the distribution whose node and client are used
     * @param runs of each LNS
     * @param trialSeconds how long each rate is tried
     * @param warmCalls set up and ended before anything is counted
     * @param warmSeconds of traffic in each direction before anything is counted
     */
    record Plan(
            Path warren,
            List<Lns.Kind> kinds,
            List<Scenario> scenarios,
            int runs,
            int tunnels,
            int calls,
            int inFlight,
            double trialSeconds,
            int tcpSeconds,
            int warmCalls,
            double warmSeconds) {}

    private final Stand stand;
    private final Plan plan;
    private final Consumer<Result> results;
    private final Consumer<String> progress;
    private int run;

    /** @param progress is told what is going on, for people */
    Comparison(Stand stand, Plan plan, Consumer<Result> results, Consumer<String> progress) {
        this.stand = stand;
        this.plan = plan;
        this.results = results;
        this.progress = progress;
    }

    void run() {
        for (run = 1; run <= plan.runs(); run++) {
            for (Lns.Kind kind : plan.kinds()) {
                progress.accept("run " + run + " of " + plan.runs() + ": " + kind.title());
                try (Lns lns = start(kind)) {
                    measure(lns);
                }
            }
        }
    }

    private Lns start(Lns.Kind kind) {
        return switch (kind) {
            case WARREN -> WarrenLns.start(stand.namespaces(), stand.beside(), plan.warren(), "");
            case L2TPNS -> L2tpnsLns.start(stand.namespaces(), stand.beside());
        };
    }

    private void measure(Lns lns) {
        if (plan.warmCalls() > 0) {
            require(stand.dial(lns, plan.tunnels(), plan.warmCalls(), plan.inFlight()));
            stand.hangUp();
        }
        Stand.rest(lns);
        Stand.SetUp setUp = stand.dial(lns, plan.tunnels(), plan.calls(), plan.inFlight());
        require(setUp);
        if (plan.scenarios().contains(Scenario.SETUP1K)) {
            tell(lns, Scenario.SETUP1K, setUp);
        }
        Stand.rest(lns);
        warmForwarding(lns);
        for (Scenario scenario : plan.scenarios()) {
            switch (scenario) {
                case UP64 -> search(lns, scenario, Stand.Direction.UP, SMALL);
                case DOWN64 -> search(lns, scenario, Stand.Direction.DOWN, SMALL);
                case UP1400 -> search(lns, scenario, Stand.Direction.UP, LARGE);
                case DOWN1400 -> search(lns, scenario, Stand.Direction.DOWN, LARGE);
                case LATENCY -> latency(lns);
                case SETUP1K, SETUP10K, TCP -> {}
            }
        }
        int lost = stand.hangUp();
        if (lost > 0) {
            progress.accept("  " + lns.kind().title() + " ended " + lost + " calls by itself");
        }
        Stand.rest(lns);
        if (plan.scenarios().contains(Scenario.TCP)) {
            tcp(lns);
            Stand.rest(lns);
        }
        if (plan.scenarios().contains(Scenario.SETUP10K)) {
            Stand.SetUp many = stand.dial(lns, MANY_TUNNELS, MANY_CALLS, plan.inFlight());
            tell(lns, Scenario.SETUP10K, many);
            stand.hangUp();
        }
    }

    private static void require(Stand.SetUp setUp) {
        if (setUp.dialled().failed() > 0) {
            throw new BenchFailed(setUp.dialled().failed() + " calls did not come up");
        }
    }

    private void warmForwarding(Lns lns) {
        if (plan.warmSeconds() > 0) {
            for (Stand.Direction direction : Stand.Direction.values()) {
                stand.trial(lns, direction, new Stand.Load(WARM_RATE, plan.warmSeconds(), SMALL, LARGE, 1));
            }
        }
    }

    private void search(Lns lns, Scenario scenario, Stand.Direction direction, int size) {
        Anomalies[] anomalies = {Anomalies.NONE};
        Trial best = RateSearch.search(rate -> {
            Trial trial = stand.trial(lns, direction, new Stand.Load(rate, plan.trialSeconds(), size, size, 1));
            anomalies[0] = anomalies[0].plus(trial.anomalies());
            return trial;
        });
        Map<String, Double> figures = best == null ? Map.of("pps", 0.0, "packets_per_cpu_s", 0.0) : figures(best);
        tell(lns, scenario, figures, best != null && best.generatorLimited(), anomalies[0]);
    }

    private static Map<String, Double> figures(Trial trial) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("pps", trial.rate());
        figures.put("packets_per_cpu_s", trial.packetsPerCpuSecond());
        figures.put("loss_pct", 100 * trial.loss());
        figures.put("lns_cpu_pct", 100 * trial.lnsCpuSeconds() / trial.seconds());
        figures.put("generator_cpu_pct", 100 * trial.generatorCpuSeconds() / trial.seconds());
        return figures;
    }

    private void latency(Lns lns) {
        Stand.Load load = new Stand.Load(LATENCY_RATE, LATENCY_SECONDS, SMALL, SMALL, 1);
        Map<String, Double> figures = new LinkedHashMap<>();
        Anomalies anomalies = Anomalies.NONE;
        for (Stand.Direction direction : Stand.Direction.values()) {
            Trial trial = stand.trial(lns, direction, load);
            String word = direction == Stand.Direction.UP ? "up" : "down";
            figures.put(word + "_p50_us", trial.medianMicros());
            figures.put(word + "_p99_us", trial.p99Micros());
            figures.put(word + "_lost", (double) (trial.sent() - trial.received()));
            anomalies = anomalies.plus(trial.anomalies());
        }
        tell(lns, Scenario.LATENCY, figures, false, anomalies);
    }

    private void tcp(Lns lns) {
        Map<String, Double> figures = new LinkedHashMap<>();
        try (TcpStream stream = TcpStream.open(stand.namespaces(), plan.warren())) {
            stream.measure(lns, Stand.Direction.UP, plan.tcpSeconds())
                    .forEach((name, value) -> figures.put("up_" + name, value));
            stream.measure(lns, Stand.Direction.DOWN, plan.tcpSeconds())
                    .forEach((name, value) -> figures.put("down_" + name, value));
        }
        tell(lns, Scenario.TCP, figures, false, null);
    }

    private void tell(Lns lns, Scenario scenario, Stand.SetUp setUp) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("calls_per_s", setUp.rate());
        figures.put("calls_per_cpu_s", setUp.dialled().up() / Math.max(0.01, setUp.lnsCpuSeconds()));
        figures.put("p50_ms", setUp.dialled().medianMillis());
        figures.put("p99_ms", setUp.dialled().p99Millis());
        figures.put("failed", (double) setUp.dialled().failed());
        figures.put("generator_cpu_s", setUp.generatorCpuSeconds());
        tell(lns, scenario, figures, setUp.generatorLimited(), null);
    }

    private void tell(
            Lns lns,
            Scenario scenario,
            Map<String, Double> figures,
            boolean generatorLimited,
            @Nullable Anomalies anomalies) {
        Result result = new Result(
                lns.kind().title(),
                run,
                scenario.word(),
                figures,
                generatorLimited,
                anomalies == null ? Anomalies.NONE : anomalies);
        StringBuilder line = new StringBuilder("  ").append(scenario.word());
        figures.forEach(
                (name, value) -> line.append("  ").append(name).append(' ').append(Table.number(value)));
        progress.accept(line + (generatorLimited ? "  generator-limited" : ""));
        results.accept(result);
    }
}
