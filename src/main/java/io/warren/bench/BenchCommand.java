package io.warren.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code warren bench}: compares LNSs. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures Warren's node beside Debian's l2tpns, in network namespaces that it makes and takes away again.",
            "Prints a Markdown table of medians on standard output, and what is going on on standard error. Needs root"
                    + " and the packages iproute2, ethtool, procps, iperf3 and, to compare, l2tpns. Takes about five"
                    + " minutes for each run of both."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:measured, and no packet was duplicated, misdelivered, corrupt or re-ordered",
            "1:one was by Warren, or it could not be measured; the reason is printed",
            "2:the command line is wrong"
        },
        subcommands = {MixedCommand.class, SoakCommand.class, FailoverCommand.class})
public final class BenchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Option(
            names = "--lns",
            split = ",",
            paramLabel = "NAME",
            description = "Which LNSs, of warren and l2tpns (default: all that are installed).")
    private @Nullable List<String> lns;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SCENARIO",
            description = "Which scenarios, of setup1k, up64, down64, up1400, down1400, latency, tcp, setup10k"
                    + " (default: all).")
    private @Nullable List<String> only;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Runs of each LNS, in turns (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--trial",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long each packet rate is tried (default: ${DEFAULT-VALUE}).")
    private double trial;

    @Option(
            names = "--tcp",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long a TCP stream is measured (default: ${DEFAULT-VALUE}).")
    private int tcp;

    @Option(
            names = "--warm-calls",
            paramLabel = "N",
            defaultValue = "6000",
            description =
                    "Calls set up and ended before anything is counted, for each LNS (default: ${DEFAULT-VALUE}).")
    private int warmCalls;

    @Option(
            names = "--warm",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "Traffic in each direction before anything is counted (default: ${DEFAULT-VALUE}).")
    private double warmSeconds;

    @Option(names = "--raw", paramLabel = "FILE", description = "Add all results to this file, a JSON object a line.")
    private @Nullable Path raw;

    @Override
    public Integer call() {
        return BenchOptions.run(spec, "bench", this::compare);
    }

    /** Whether Warren did everything right. */
    private boolean compare() {
        PrintWriter out = spec.commandLine().getOut();
        Comparison.Plan plan = plan();
        options.requireMeans(plan.scenarios().contains(Scenario.TCP) ? "iperf3" : "ip");
        double load = Machine.load();
        warnOf(load);
        List<Result> results = measure(plan);
        out.println(heading(plan, load));
        out.println();
        out.print(new Table(plan.kinds(), results).markdown());
        out.flush();
        return results.stream()
                .filter(result -> result.lns().equals(Lns.Kind.WARREN.title()))
                .allMatch(result -> result.anomalies().none());
    }

    private void warnOf(double load) {
        if (load > 0.5) {
            PrintWriter err = spec.commandLine().getErr();
            err.printf(Locale.ROOT, "This machine has other work to do (load %.1f): the figures will be poor.%n", load);
            err.flush();
        }
    }

    private List<Result> measure(Comparison.Plan plan) {
        List<Result> results = new ArrayList<>();
        PrintWriter err = spec.commandLine().getErr();
        try (ClosedAtExit<Stand> stand = ClosedAtExit.of(new Stand(options.gro()))) {
            new Comparison(
                            stand.resource(),
                            plan,
                            result -> {
                                results.add(result);
                                keep(result);
                            },
                            line -> {
                                err.println(line);
                                err.flush();
                            })
                    .run();
        }
        return results;
    }

    private void keep(Result result) {
        if (raw == null) {
            return;
        }
        try {
            Files.writeString(
                    raw,
                    JSON.writeValueAsString(result) + "\n",
                    StandardCharsets.UTF_8,
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers is always JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Comparison.Plan plan() {
        if (runs < 1 || trial <= 0 || tcp < 1 || warmCalls < 0 || warmSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--runs, --trial, --tcp, --warm-calls, --warm: wrong");
        }
        return new Comparison.Plan(
                options.warren(),
                kinds(),
                scenarios(),
                runs,
                options.tunnels(),
                options.calls(),
                options.inFlight(),
                trial,
                tcp,
                warmCalls,
                warmSeconds);
    }

    private List<Scenario> scenarios() {
        try {
            return only == null ? List.of(Scenario.values()) : Scenario.parse(only);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--only takes of " + Scenario.words(), e);
        }
    }

    private List<Lns.Kind> kinds() {
        boolean installed = Files.isExecutable(L2tpnsLns.PROGRAM);
        if (lns == null) {
            return installed ? List.of(Lns.Kind.values()) : List.of(Lns.Kind.WARREN);
        }
        try {
            List<Lns.Kind> kinds = lns.stream()
                    .map(name -> Lns.Kind.valueOf(name.toUpperCase(Locale.ROOT)))
                    .sorted()
                    .distinct()
                    .toList();
            if (kinds.contains(Lns.Kind.L2TPNS) && !installed) {
                throw new BenchFailed("there is no " + L2tpnsLns.PROGRAM + ". On Debian: apt install l2tpns");
            }
            return kinds;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--lns takes warren and l2tpns", e);
        }
    }

    private String heading(Comparison.Plan plan, double load) {
        return "%s. %d alternating runs; %,d calls in %d tunnels, %d at a time; trials of %s s; after a warm-up of %,d calls"
                        .formatted(
                                Machine.describe(plan.warren(), plan.kinds()),
                                plan.runs(),
                                plan.calls(),
                                plan.tunnels(),
                                plan.inFlight(),
                                Table.number(plan.trialSeconds()),
                                plan.warmCalls())
                + " and %s s of traffic each way; GRO %s; generator, LNS and far host on the same machine, its load before %.1f."
                        .formatted(Table.number(plan.warmSeconds()), options.gro() ? "on" : "off", load);
    }
}
