package io.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    private final Namespaces namespaces;

    private Network() {
        String name = "wb" + ProcessHandle.current().pid() + "-";
        namespaces = new Namespaces(ROLES.stream().collect(Collectors.toMap(role -> role, role -> name + role)));
    }

    /**
     * @param gro whether the kernel puts packets together as they come to the LNS, as it does behind real network cards
     *     (and behind a veth when it is told to)
     */
    static Network create(boolean gro) {
        removeLeftOvers();
        Network network = new Network();
        try {
            network.build(gro);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
        return network;
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
            Program.run("ip", "netns", "add", namespaces.name(role));
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
                namespaces.name(role),
                "type",
                "veth",
                "peer",
                "name",
                lnsLink,
                "netns",
                namespaces.name("lns")));
        configure(role, link, address);
        configure("lns", lnsLink, lnsAddress);
    }

    private void configure(String role, String link, String address) {
        in(role, "ip", "address", "add", address + "/24", "dev", link);
        in(role, "ip", "link", "set", link, "up");
    }

    private String in(String role, String... command) {
        return namespaces.in(role, command);
    }

    /** What runs in them. */
    Namespaces namespaces() {
        return namespaces;
    }

    /** What is left is ended, the namespaces go, and with them their links. */
    @Override
    public synchronized void close() {
        namespaces.close();
        for (String role : ROLES) {
            if (Namespaces.exists(namespaces.name(role))) {
                Program.attempt(PATIENCE, List.of("ip", "netns", "delete", namespaces.name(role)));
            }
        }
    }
}
