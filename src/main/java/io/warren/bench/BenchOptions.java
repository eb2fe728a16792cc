package io.warren.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What all kinds of benchmark can be told. */
final class BenchOptions {
    @Option(
            names = "--warren",
            paramLabel = "DIR",
            description = "The distribution to measure (default: the one that this command is of).")
    private @Nullable Path warren;

    @Option(
            names = "--no-gro",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Leave generic receive offload off where packets come to the LNS, as veth devices have it."
                    + " Default: on, as real network cards have it.")
    private boolean gro;

    @Option(
            names = "--tunnels",
            paramLabel = "N",
            defaultValue = "10",
            description = "Tunnels that the calls are in (default: ${DEFAULT-VALUE}).")
    private int tunnels;

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Calls that traffic goes through (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "40",
            description = "Calls that are being set up at any time (default: ${DEFAULT-VALUE}).")
    private int inFlight;

    /**
     * Runs a benchmark, and says on standard error why one could not be measured.
     *
     * @param name of the command, without the program's
     * @param allRight the benchmark
     * @return the exit status: 0 when all was right, else 1
     */
    static int run(CommandSpec spec, String name, BooleanSupplier allRight) {
        try {
            return allRight.getAsBoolean() ? 0 : 1;
        } catch (BenchFailed e) {
            spec.commandLine().getErr().println("warren: " + name + ": " + e.getMessage());
            spec.commandLine().getErr().flush();
            return 1;
        }
    }

    boolean gro() {
        return gro;
    }

    int tunnels() {
        return tunnels;
    }

    int calls() {
        return calls;
    }

    int inFlight() {
        return inFlight;
    }

    /** The distribution; complains when there is none. */
    Path warren() {
        Path home = warren != null ? warren : Path.of(System.getProperty("warren.home", "target/warren"));
        Path program = home.toAbsolutePath().normalize();
        if (!Files.isExecutable(program.resolve("bin").resolve("warren"))) {
            throw new BenchFailed("no bin/warren in " + program + ": say where with --warren");
        }
        return program;
    }

    /** Complains when the machine lacks something. */
    void requireMeans(String... programs) {
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw new BenchFailed("there is no /dev/net/tun");
        }
        requireRoot(Stream.concat(Stream.of("ip", "ethtool", "sysctl", "setpriv", "setsid"), Arrays.stream(programs))
                .toArray(String[]::new));
    }

    /** Complains when this is not root, or a program is not there. */
    static void requireRoot(String... programs) {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new BenchFailed("network namespaces take root");
        }
        List<String> missing =
                Arrays.stream(programs).filter(program -> !onPath(program)).toList();
        if (!missing.isEmpty()) {
            throw new BenchFailed("not found: " + String.join(", ", missing)
                    + ". On Debian: apt install iproute2 ethtool procps util-linux iperf3");
        }
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Arrays.stream(path.split(":", -1)).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
