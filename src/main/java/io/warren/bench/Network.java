package io.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Three network namespaces in a row, of the address range for benchmarks (RFC 2544), and the processes in them.
 *
 * <pre>
 *  lac ──────── veth ──────── lns ──────── veth ──────── core
 *  198.18.0.2            198.18.0.1  198.19.0.1      198.19.0.2
 * </pre>
 *
 * Their names hold the process id of the benchmark, so that several do not meet, and so that the next one takes away what
 * a killed one has left.
 */
final class Network implements AutoCloseable {
    static final String LAC_ADDRESS = "198.18.0.2";
    static final String LNS_ADDRESS = "198.18.0.1";
    static final String CORE_ADDRESS = "198.19.0.2";

    /** Where the LNS meets the client's side. */
    static final String LNS_LINK = "lac0";

    private static final String CORE_GATEWAY = "198.19.0.1";
    private static final List<String> ROLES = List.of("lac", "lns", "core");
    private static final Pattern NAME = Pattern.compile("wb(\\d+)-(lac|lns|core)");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name = "wb" + ProcessHandle.current().pid() + "-";
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    private Network(Path folder) {
        this.folder = folder;
    }

    /**
     * @param gro whether the kernel puts packets together as they come to the LNS, as it does behind real network cards
     *     (and behind a veth when it is told to)
     */
    static Network create(boolean gro) {
        removeLeftOvers();
        try {
            Network network = new Network(Files.createTempDirectory("warren-bench-"));
            try {
                network.build(gro);
            } catch (RuntimeException e) {
                network.close();
                throw e;
            }
            return network;
        } catch (IOException e) {
            throw new BenchFailed("no temporary directory can be made", e);
        }
    }

    private static void removeLeftOvers() {
        try (Stream<Path> found = Files.list(Path.of("/run/netns"))) {
            for (Path path : found.toList()) {
                Matcher matcher = NAME.matcher(String.valueOf(path.getFileName()));
                if (matcher.matches() && !Files.exists(Path.of("/proc", matcher.group(1)))) {
                    Program.attempt(PATIENCE, List.of("ip", "netns", "delete", matcher.group()));
                }
            }
        } catch (IOException e) {
            // No such directory: no namespace was ever made here.
            return;
        }
    }

    private void build(boolean gro) {
        for (String role : ROLES) {
            Program.run("ip", "netns", "add", namespace(role));
            in(role, "ip", "link", "set", "lo", "up");
            in(role, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        }
        connect("lac", "lns0", LAC_ADDRESS, LNS_LINK, LNS_ADDRESS);
        connect("core", "lns0", CORE_ADDRESS, "core0", CORE_GATEWAY);
        in("core", "ip", "route", "add", "default", "via", CORE_GATEWAY);
        in("lns", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0");
        in("lns", "sysctl", "-qw", "net.ipv4.conf.default.rp_filter=0");
        in("lac", "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0");
        for (String link : List.of(LNS_LINK, "core0")) {
            in("lns", "ethtool", "-K", link, "gro", gro ? "on" : "off");
        }
    }

    private void connect(String role, String link, String address, String lnsLink, String lnsAddress) {
        Program.run(List.of(
                "ip",
                "link",
                "add",
                link,
                "netns",
                namespace(role),
                "type",
                "veth",
                "peer",
                "name",
                lnsLink,
                "netns",
                namespace("lns")));
        configure(role, link, address);
        configure("lns", lnsLink, lnsAddress);
    }

    private void configure(String role, String link, String address) {
        in(role, "ip", "address", "add", address + "/24", "dev", link);
        in(role, "ip", "link", "set", link, "up");
    }

    private String namespace(String role) {
        return name + role;
    }

    /** For logs and configurations; goes with the network. */
    Path folder() {
        return folder;
    }

    /** Runs a program in a namespace; it must succeed. */
    String in(String role, String... command) {
        return Program.run(inside(role, List.of(command)));
    }

    Program.Result attemptIn(String role, Duration patience, List<String> command) {
        return Program.attempt(patience, inside(role, command));
    }

    private List<String> inside(String role, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace(role)));
        all.addAll(command);
        return all;
    }

    /**
     * How a program is started in a namespace: it has the process id of the started one, and dies with this process. It is
     * a process group of its own, since l2tpns ends by killing its whole group.
     */
    ProcessBuilder builder(String role, List<String> command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--", "setsid"));
        all.addAll(inside(role, command));
        return new ProcessBuilder(all);
    }

    /** Starts a program that ends with the network at the latest. Its output is added to a log in {@link #folder}. */
    Process start(String log, ProcessBuilder builder) {
        try {
            return owning(builder.redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(log).toFile()))
                    .start());
        } catch (IOException e) {
            throw new BenchFailed("cannot start " + builder.command(), e);
        }
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** The end of a log. */
    String tail(String name) {
        try {
            String text = Files.readString(log(name), java.nio.charset.StandardCharsets.ISO_8859_1);
            return text.substring(Math.max(0, text.length() - 2_000));
        } catch (IOException e) {
            return "";
        }
    }

    Process owning(Process process) {
        processes.add(process);
        return process;
    }

    /** What is left is ended, the namespaces go, and with them their links. */
    @Override
    public synchronized void close() {
        processes.reversed().forEach(process -> Program.stop(process, PATIENCE));
        processes.clear();
        for (String role : ROLES) {
            if (Files.exists(Path.of("/run/netns", namespace(role)))) {
                Program.attempt(PATIENCE, List.of("ip", "netns", "delete", namespace(role)));
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // It is gone already, or stays in the temporary directory: no harm.
            return;
        }
    }
}
