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
            names = "--lns",
            paramLabel = "HOST[:PORT]",
            defaultValue = "10.99.0.1:1701",
            description = "Whom to call (default: ${DEFAULT-VALUE}).")
    private String lns = "";

    @Option(names = "--secret", paramLabel = "SECRET", description = "Of the tunnels (default: none).")
    private @Nullable String secret;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            defaultValue = Lns.PASSWORD,
            description = "Of all users; these are bench-0, bench-1, …, bench-new-0, … (default: ${DEFAULT-VALUE}).")
    private String password = "";

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Calls that traffic goes through (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(
            names = "--tunnels",
            paramLabel = "N",
            defaultValue = "30",
            description = "Tunnels that they are in, each from a port of its own (default: ${DEFAULT-VALUE}).")
    private int tunnels;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "100",
            description = "Calls that are being set up at any time (default: ${DEFAULT-VALUE}).")
    private int inFlight;

    @Option(
            names = "--dial-seconds",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long that may take (default: ${DEFAULT-VALUE}).")
    private int dialSeconds;

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
            names = "--new-calls",
            paramLabel = "N",
            defaultValue = "0",
            description = "Further calls per second, set up and ended in tunnels of their own (default: none).")
    private double newCalls;

    @Option(
            names = "--new-tunnels",
            paramLabel = "N",
            defaultValue = "10",
            description = "Tunnels for these (default: ${DEFAULT-VALUE}).")
    private int newTunnels;

    @Option(
            names = "--hold",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long each of these stays up (default: ${DEFAULT-VALUE}).")
    private double hold;

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
        if (calls < 1
                || tunnels < 1
                || rate <= 0
                || size < 60
                || size > 1_400
                || newCalls < 0
                || newTunnels < 1
                || train < 1
                || train > 64) {
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
                new Order.Tunnels(lns, tunnels, secret, password, true),
                calls,
                inFlight,
                dialSeconds,
                rate,
                size,
                train,
                seconds,
                after,
                newCalls,
                newTunnels,
                hold,
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
