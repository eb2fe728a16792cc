package io.warren.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code warren bench failover}: what do calls and traffic notice of it? */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Watches calls and their traffic while something is done to the LNS: a node of a cluster is killed, drained,"
                    + " cut off, started again. Makes no network and no node: deploy/local-cluster does, or any other two"
                    + " network namespaces, one of clients and one of a host behind the LNS.",
            "Prints a JSON object on standard output, and a table for people on standard error. Every figure is of what"
                    + " the peers see: packets on the wire."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:no call was lost, renumbered, or ended by the LNS, no address given twice, all have data and control in"
                    + " the end, no packet was duplicated, misdelivered or corrupt, and the commands succeeded",
            "1:not so; or it could not be measured",
            "2:the command line is wrong"
        })
final class FailoverCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private FailoverCalls calls;

    @Option(
            names = "--lac",
            paramLabel = "NAMESPACE",
            defaultValue = "warren-lac",
            description = "Where the clients are (default: ${DEFAULT-VALUE}).")
    private String lac = "";

    @Option(
            names = "--core",
            paramLabel = "NAMESPACE",
            defaultValue = "warren-core",
            description = "Where the host behind the LNS is (default: ${DEFAULT-VALUE}).")
    private String core = "";

    @Option(
            names = "--core-address",
            paramLabel = "ADDRESS",
            defaultValue = "10.98.0.2",
            description = "Of that host (default: ${DEFAULT-VALUE}).")
    private String coreAddress = "";

    @Option(
            names = "--rate",
            paramLabel = "PPS",
            defaultValue = "10000",
            description = "Packets per second, each way, over all calls in turn (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--size",
            paramLabel = "OCTETS",
            defaultValue = "64",
            description = "Of the IP packets (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--train",
            paramLabel = "N",
            defaultValue = "1",
            description = "At most so many packets of one call follow one another at once; 1: all calls take turns."
                    + " More of them show better whether order is kept, and less well how long a gap is"
                    + " (default: ${DEFAULT-VALUE}).")
    private int train;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long traffic flows at least, for each --on-ready (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--after",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long it goes on after the command at least (default: ${DEFAULT-VALUE}).")
    private double after;

    @Option(
            names = "--on-ready",
            paramLabel = "COMMAND",
            description =
                    "A shell command to run once all calls are up and traffic has flowed for 3 s. May be repeated:"
                            + " each is measured by itself, one after the other, with the same calls.")
    private @Nullable List<String> commands;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long a command may take (default: ${DEFAULT-VALUE}).")
    private long patience;

    @Override
    public Integer call() {
        return BenchOptions.run(spec, "bench failover", this::watch);
    }

    private boolean watch() {
        if (!calls.inRange() || rate <= 0 || size < 60 || size > 1_400 || train < 1 || train > 64) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--calls, --tunnels, --rate, --size (60 to 1400), --train (1 to 64), --new-calls: wrong");
        }
        BenchOptions.requireRoot("ip", "setpriv", "setsid", "sh");
        PrintWriter err = spec.commandLine().getErr();
        Namespaces place = Namespaces.existing(Map.of("lac", lac, "core", core));
        try (ClosedAtExit<FailoverRun> closed = ClosedAtExit.of(new FailoverRun(place, plan(), line -> {
            err.println(line);
            err.flush();
        }))) {
            FailoverReport report = closed.resource().carryOut();
            err.print(FailoverText.of(report));
            err.flush();
            spec.commandLine().getOut().println(json(report));
            spec.commandLine().getOut().flush();
            return report.allRight();
        }
    }

    private FailoverRun.Plan plan() {
        return new FailoverRun.Plan(
                coreAddress,
                calls.dial(),
                calls.turnover(),
                rate,
                size,
                train,
                seconds,
                after,
                commands == null ? List.of() : List.copyOf(commands),
                Duration.ofSeconds(patience));
    }

    private static String json(FailoverReport report) {
        try {
            return JSON.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers is always JSON", e);
        }
    }
}
