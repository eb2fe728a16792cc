package io.warren.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren bench mixed}: is every packet delivered whole, to the right one, once and in order? */
@Command(
        name = "mixed",
        mixinStandardHelpOptions = true,
        description = "Sends packets of mixed sizes both ways through many calls of Warren's node, and judges each.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:no packet was duplicated, misdelivered, corrupt or re-ordered, and no call was lost",
            "1:something was; or it could not be measured",
            "2:the command line is wrong"
        })
final class MixedCommand implements Callable<Integer> {
    static final int LEAST = 64;
    static final int MOST = 1_400;
    /** Packets of one flow that follow one another, so that offloads have something to put together. */
    static final int TRAIN = 8;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private BenchOptions options;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "20000",
            description = "Packets per second, each way (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Override
    public Integer call() {
        return BenchOptions.run(spec, "bench mixed", this::judge);
    }

    private boolean judge() {
        options.requireMeans();
        PrintWriter out = spec.commandLine().getOut();
        try (ClosedAtExit<Stand> closed = ClosedAtExit.of(new Stand(options.gro()))) {
            Stand stand = closed.resource();
            try (Lns lns = WarrenLns.start(stand.namespaces(), stand.beside(), options.warren(), "")) {
                Stand.SetUp setUp = stand.dial(lns, options.tunnels(), options.calls(), options.inFlight());
                Stand.Both both = stand.both(lns, new Stand.Load(rate, seconds, LEAST, MOST, TRAIN));
                int lost = stand.hangUp() + setUp.dialled().failed();
                report(out, "up  ", both.up());
                report(out, "down", both.down());
                out.printf("calls that failed or were lost: %d of %d%n", lost, options.calls());
                out.flush();
                return both.anomalies().none()
                        && lost == 0
                        && both.up().received() > 0
                        && both.down().received() > 0;
            }
        }
    }

    private static void report(PrintWriter out, String direction, Trial trial) {
        out.printf(
                Locale.ROOT,
                "%s  %,d sent, %,d lost (%.3f %%), %s%n",
                direction,
                trial.sent(),
                trial.sent() - trial.received(),
                100 * trial.loss(),
                trial.anomalies().inWords());
    }
}
