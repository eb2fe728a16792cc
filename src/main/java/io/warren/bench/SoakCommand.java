package io.warren.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren bench soak}: does a node under load keep its size? */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps Warren's node busy for a while: packets of mixed sizes both ways through many calls, all of which are"
                    + " ended and set up again now and then. Meanwhile it samples resident memory, live objects,"
                    + " native memory and open files of the node, and says which of them grew.",
            "The first third of the samples is left out: the node is still warming up. Of live objects and native"
                    + " memory the lowest of six samples at a time counts: what a cache gives back was no leak."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:live objects, native memory and open files stayed flat, and every packet and call was right",
            "1:not so; or it could not be measured",
            "2:the command line is wrong"
        })
final class SoakCommand implements Callable<Integer> {
    /** Of which the lowest counts. */
    private static final int TOGETHER = 6;

    private static final int FEWEST_SAMPLES = 4 * TOGETHER;

    /** The heap is of fixed size: what the collector itself needs grows with it, and would pass for a leak. */
    private static final String TRACKED = "-XX:NativeMemoryTracking=summary -Xms512m -Xmx512m";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Option(
            names = "--minutes",
            paramLabel = "MINUTES",
            defaultValue = "10",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "10000",
            description = "Packets per second, each way (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--redial",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How often all calls are ended and set up again (default: ${DEFAULT-VALUE}).")
    private double redial;

    @Option(
            names = "--sample",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often it looks (default: ${DEFAULT-VALUE}).")
    private double sample;

    @Override
    public Integer call() {
        return BenchOptions.run(spec, "bench soak", this::soak);
    }

    private boolean soak() {
        options.requireMeans();
        try (ClosedAtExit<Stand> closed = ClosedAtExit.of(new Stand(options.gro()))) {
            Stand stand = closed.resource();
            try (Lns lns = WarrenLns.start(stand.namespaces(), stand.beside(), options.warren(), TRACKED)) {
                long end = System.nanoTime() + (long) (minutes * 60e9);
                CompletableFuture<Boolean> right = CompletableFuture.supplyAsync(() -> load(stand, lns, end));
                List<JvmSample> samples = watch(lns, right, end);
                boolean allRight = right.join();
                return flat(samples) && allRight;
            }
        }
    }

    /** Whether every packet and call was right. */
    private boolean load(Stand stand, Lns lns, long end) {
        Anomalies anomalies = Anomalies.NONE;
        int badCalls = 0;
        long calls = 0;
        long sent = 0;
        long lost = 0;
        while (System.nanoTime() < end) {
            Stand.SetUp setUp = stand.dial(lns, options.tunnels(), options.calls(), options.inFlight());
            calls += options.calls();
            double seconds = Math.clamp((end - System.nanoTime()) / 1e9, 1, redial);
            Stand.Both both = stand.both(
                    lns, new Stand.Load(rate, seconds, MixedCommand.LEAST, MixedCommand.MOST, MixedCommand.TRAIN));
            anomalies = anomalies.plus(both.anomalies());
            sent += both.up().sent() + both.down().sent();
            lost += both.up().sent()
                    + both.down().sent()
                    - both.up().received()
                    - both.down().received();
            badCalls += setUp.dialled().failed() + stand.hangUp();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%,d calls, %d of them failed or lost%n", calls, badCalls);
        out.printf(Locale.ROOT, "%,d packets sent, %,d lost, %s%n", sent, lost, anomalies.inWords());
        out.flush();
        return anomalies.none() && badCalls == 0;
    }

    private List<JvmSample> watch(Lns lns, CompletableFuture<Boolean> load, long end) {
        PrintWriter out = spec.commandLine().getOut();
        List<JvmSample> samples = new ArrayList<>();
        long began = System.nanoTime();
        out.println("seconds  resident MB   live objects MB  native MB  code MB  files");
        while (System.nanoTime() < end && !load.isDone()) {
            Program.pause(Duration.ofMillis((long) (sample * 1_000)));
            JvmSample next = JvmSample.of(lns.pid(), (System.nanoTime() - began) / 1e9);
            samples.add(next);
            out.printf(
                    Locale.ROOT,
                    "%7.0f  %11.1f  %16.1f  %9.1f  %7.1f  %5.0f%n",
                    next.seconds(),
                    next.residentMb(),
                    next.heapMb(),
                    next.nativeMb(),
                    next.codeMb(),
                    next.files());
            out.flush();
        }
        return samples;
    }

    private boolean flat(List<JvmSample> all) {
        List<JvmSample> samples = all.subList(all.size() / 3, all.size());
        if (samples.size() < FEWEST_SAMPLES) {
            throw new BenchFailed("too few samples to tell: let it run longer, or --sample more often");
        }
        // What is resident depends on when the collector gives memory back, code on what is compiled: told, not judged.
        tell("resident memory, MB", samples, JvmSample::residentMb);
        tell("compiled code, MB", samples, JvmSample::codeMb);
        boolean heap = tell("live objects, MB", samples, JvmSample::heapMb);
        boolean memory = tell("native memory, MB", samples, JvmSample::nativeMb);
        boolean files = tell("open files", samples, JvmSample::files);
        return heap && memory && files;
    }

    private boolean tell(String what, List<JvmSample> samples, ToDoubleFunction<JvmSample> quantity) {
        Slope slope = Slope.ofFloor(
                samples.stream().mapToDouble(JvmSample::seconds).toArray(),
                samples.stream().mapToDouble(quantity).toArray(),
                TOGETHER);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s: %s; mean %.1f, slope %+.2f ± %.2f per hour%n",
                        what,
                        slope.flat() ? "flat" : "GROWS",
                        slope.mean(),
                        3_600 * slope.perSecond(),
                        3_600 * slope.uncertainty());
        spec.commandLine().getOut().flush();
        return slope.flat();
    }
}
