package io.warren.it;

import io.warren.journal.PostgresqlServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine. On a laptop a test without its means is skipped, with the reason; where {@code CI} is
 * set it fails instead, so that nothing is skipped unseen.
 */
enum Means {
    ROOT("root", () -> "root".equals(System.getProperty("user.name"))),
    NAMESPACES("ip (iproute2)", () -> onPath("ip")),
    TUN("/dev/net/tun", () -> Files.exists(Path.of("/dev/net/tun"))),
    UML("linux.uml with its modules (user-mode-linux)", () -> onPath("linux.uml") && hasGuestModules()),
    LINUX_L2TP("xl2tpd, pppd, modprobe and ethtool", () -> onPath("xl2tpd", "pppd", "modprobe", "ethtool", "taskset")),
    PING("ping (iputils-ping)", () -> onPath("ping")),
    CURL("curl", () -> onPath("curl")),
    IPERF("iperf3", () -> onPath("iperf3")),
    BENCH("ethtool, sysctl, setpriv and setsid", () -> onPath("ethtool", "sysctl", "setpriv", "setsid")),
    POSTGRESQL("postgresql", () -> PostgresqlServer.programs().isPresent()),
    FREERADIUS("freeradius and radclient (freeradius-utils)", () -> onPath("freeradius", "radclient", "ss")),
    OPENSSL("openssl", () -> onPath("openssl")),
    L2TPNS("l2tpns", () -> onPath("l2tpns")),
    BALANCER(
            "nft, nginx with its stream module, and python3",
            () -> onPath("nft", "nginx", "python3")
                    && Files.exists(Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"))),
    IMAGE(
            "mvn, busybox (busybox-static), tar and python3",
            () -> onPath("mvn", "tar", "python3") && Files.exists(Path.of("/bin/busybox"))),
    CAPTURE("tcpdump and tshark", () -> onPath("tcpdump", "tshark")),
    WARREN("target/warren (mvn -DskipTests package)", () -> Files.isExecutable(WarrenNode.PROGRAM));

    private final String what;
    // Lambdas without state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final BooleanSupplier present;

    Means(String what, BooleanSupplier present) {
        this.what = what;
        this.present = present;
    }

    boolean isPresent() {
        return present.getAsBoolean();
    }

    /** A network of namespaces with a node in it. */
    static void requireNode() {
        require(ROOT, NAMESPACES, TUN, CURL, CAPTURE, PING, WARREN);
    }

    /** That, and a real Linux beside it. */
    static void requireNodeAndLinux() {
        requireNode();
        require(UML, LINUX_L2TP, IPERF);
    }

    static void require(Means... needed) {
        List<String> missing = Stream.of(needed)
                .filter(means -> !means.present.getAsBoolean())
                .map(means -> means.what)
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        String reason = "this machine lacks " + String.join(", ", missing) + "; .ci/run installs what is needed";
        if (System.getenv("CI") != null) {
            Assertions.fail(reason);
        }
        Assumptions.abort(reason);
    }

    private static boolean onPath(String... programs) {
        List<String> folders = new ArrayList<>(
                Arrays.asList(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
        folders.addAll(List.of("/usr/sbin", "/sbin"));
        return Stream.of(programs)
                .allMatch(program -> folders.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))));
    }

    private static boolean hasGuestModules() {
        return Files.isDirectory(Path.of("/usr/lib/uml/modules"));
    }
}
