package io.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's l2tpns. It needs a RADIUS server, which stands beside it and is not counted. */
final class L2tpnsLns {
    static final Path PROGRAM = Path.of("/usr/sbin/l2tpns");

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);
    /** It speaks only when its search for other nodes of a cluster is over. */
    private static final Duration ELECTION = Duration.ofSeconds(3);

    private static final int RADIUS_PORT = 1812;
    private static final String RADIUS_SECRET = "bench radius";
    private static final String LOG = "l2tpns";

    private L2tpnsLns() {}

    static Lns start(Namespaces place, RemoteSide beside) {
        beside.obey(new Order.Radius(RADIUS_PORT, RADIUS_SECRET, Lns.PASSWORD));
        Path folder = configure(place.folder());
        // It reads ip_pool and users from /etc/l2tpns, wherever its configuration is: "ip netns exec" gives it mounts
        // of
        // its own.
        String command = "mount --bind " + folder + " /etc/l2tpns && exec " + PROGRAM
                + " -c /etc/l2tpns/startup-config -h bench-lns";
        long began = System.nanoTime();
        Process process = place.start(LOG, place.builder("lns", List.of("sh", "-c", command)));
        while (!hasTun(place) || System.nanoTime() - began < ELECTION.toNanos()) {
            if (!process.isAlive() || System.nanoTime() - began > START.toNanos()) {
                throw new BenchFailed("l2tpns does not run: " + place.tail(LOG));
            }
            Program.pause(Duration.ofMillis(100));
        }
        return new Lns(Lns.Kind.L2TPNS, process, STOP);
    }

    private static boolean hasTun(Namespaces place) {
        return place.attemptIn("lns", Duration.ofSeconds(5), List.of("ip", "-4", "address", "show", "tun0"))
                .output()
                .contains("inet ");
    }

    private static Path configure(Path folder) {
        try {
            Path own = Files.createTempDirectory(folder, "l2tpns-");
            Files.writeString(own.resolve("ip_pool"), Lns.POOL + "\n");
            Files.writeString(own.resolve("users"), "");
            Files.writeString(own.resolve("startup-config"), """
                    set debug 0
                    set log_file "%1$s/log"
                    set pid_file "%1$s/pid"
                    set l2tp_secret "%2$s"
                    set l2tp_mtu 1500
                    set bind_address %3$s
                    set iftun_address 10.63.0.1
                    set peer_address 10.63.0.1
                    set cli_bind_address 127.0.0.1
                    set primary_radius 127.0.0.1
                    set primary_radius_port %4$d
                    set radius_secret "%5$s"
                    set radius_authtypes "pap"
                    set radius_accounting no
                    set allow_duplicate_users yes
                    set send_garp no
                    set cluster_interface "%6$s"
                    set cluster_hb_interval 1
                    set cluster_hb_timeout 15
                    set packet_limit 0
                    set throttle_speed 0
                    set tundevicename "tun0"
                    """.formatted(
                            own, Lns.SECRET, Network.LNS_ADDRESS, RADIUS_PORT, RADIUS_SECRET, Network.LNS_LINK));
            return own;
        } catch (IOException e) {
            throw new BenchFailed("cannot write the configuration of l2tpns", e);
        }
    }
}
