package io.warren.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small network in namespaces of its own.
 *
 * <pre>
 *  guest ── tap ── lac ── veth ── lns ── veth ── core
 *  10.92.1.2  10.92.1.1   10.92.0.2  10.92.0.1   198.51.100.1  198.51.100.2
 * </pre>
 *
 * Warren's node runs in {@code lns}; a Linux in user-mode-linux is the guest behind {@code lac}, and Warren's own clients
 * run in {@code lac}; {@code core} is the host behind the LNS, with its default route to it.
 */
final class Topology implements AutoCloseable {
    static final String LNS_ADDRESS = "10.92.0.1";
    static final String LAC_ADDRESS = "10.92.0.2";
    static final String GUEST_ADDRESS = "10.92.1.2";
    static final String GUEST_GATEWAY = "10.92.1.1";
    static final String CORE_ADDRESS = "198.51.100.2";
    private static final String CORE_GATEWAY = "198.51.100.1";

    /** Where logs and captures of this network lie. */
    final Path folder;

    private final String name;
    private final List<Process> processes = new ArrayList<>();

    private Topology(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    static Topology create() {
        try {
            Path folder = Files.createTempDirectory("warren-it-");
            // Unique among tests that run at the same time on one machine; interface names end with a namespace.
            String name = folder.getFileName().toString().replace("warren-it-", "w");
            Topology topology = new Topology(name, folder);
            try {
                topology.build();
            } catch (RuntimeException e) {
                topology.close();
                throw e;
            }
            return topology;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void build() {
        for (String role : List.of("lac", "lns", "core")) {
            Shell.run("ip", "netns", "add", namespace(role));
            in(role, "ip", "link", "set", "lo", "up");
        }
        connect("lac", "up0", LAC_ADDRESS, "lns", "lac0", LNS_ADDRESS);
        connect("lns", "core0", CORE_GATEWAY, "core", "up0", CORE_ADDRESS);
        in("core", "ip", "route", "add", "default", "via", CORE_GATEWAY);
        in("lns", "ip", "route", "add", "10.92.1.0/24", "via", LAC_ADDRESS);
        in("lac", "ip", "tuntap", "add", "dev", "uml0", "mode", "tap");
        in("lac", "ip", "address", "add", GUEST_GATEWAY + "/24", "dev", "uml0");
        in("lac", "ip", "link", "set", "uml0", "up");
        for (String role : List.of("lac", "lns")) {
            in(role, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0");
        }
    }

    private void connect(String a, String aName, String aAddress, String b, String bName, String bAddress) {
        Shell.run(
                "ip",
                "link",
                "add",
                aName,
                "netns",
                namespace(a),
                "type",
                "veth",
                "peer",
                "name",
                bName,
                "netns",
                namespace(b));
        configure(a, aName, aAddress);
        configure(b, bName, bAddress);
    }

    private void configure(String role, String link, String address) {
        // Whole packets with their checksums, so that captures and guests see what a wire would carry.
        in(role, "ethtool", "-K", link, "tx", "off", "gso", "off", "tso", "off", "gro", "off");
        in(role, "ip", "address", "add", address + "/24", "dev", link);
        in(role, "ip", "link", "set", link, "up");
    }

    String namespace(String role) {
        return name + role;
    }

    /** The words that run a program in a namespace. */
    List<String> inside(String role) {
        return List.of("ip", "netns", "exec", namespace(role));
    }

    /** Runs a program in a namespace; it must succeed. */
    String in(String role, String... command) {
        return Shell.run(Shell.join(inside(role), command));
    }

    Shell.Result attemptIn(String role, Duration patience, String... command) {
        return Shell.attempt(patience, Shell.join(inside(role), command));
    }

    /** Starts a program in a namespace; it ends with the network at the latest. */
    Process startIn(String role, String log, String... command) {
        Process process = Shell.start(folder.resolve(log), Shell.join(inside(role), command));
        processes.add(process);
        return process;
    }

    /** The ends of all logs that were written to at or after {@code since}, for the report of a failure. */
    String logs(Instant since) {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Topology::isLog).sorted().toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    continue;
                }
                all.append("==== ").append(folder.relativize(file)).append('\n').append(tail(file));
            }
        } catch (IOException e) {
            all.append(e);
        }
        return all.toString();
    }

    private static boolean isLog(Path file) {
        String text = file.toString();
        return Files.isRegularFile(file)
                && !text.contains("/data/")
                && (text.endsWith(".log") || text.endsWith(".out") || text.endsWith("console"));
    }

    private static String tail(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int most = 12_000;
        return text.length() <= most ? text : "…" + text.substring(text.length() - most);
    }

    private boolean deleted(String role) {
        Shell.attempt(Duration.ofSeconds(5), List.of("ip", "netns", "delete", namespace(role)));
        return !Files.exists(Path.of("/run/netns", namespace(role)));
    }

    @Override
    public void close() {
        for (Process process : processes) {
            Shell.stop(process, Duration.ofSeconds(2));
        }
        for (String role : List.of("lac", "lns", "core")) {
            // A process that is just ending may still hold it.
            for (int attempt = 0; attempt < 20 && !deleted(role); attempt++) {
                Await.pause(Duration.ofMillis(100));
            }
        }
        if (System.getenv("WARREN_IT_KEEP") == null) {
            Shell.delete(folder);
        }
    }
}
