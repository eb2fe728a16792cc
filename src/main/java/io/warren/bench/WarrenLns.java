package io.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Warren's node as it is shipped, journal and all, with an empty journal. */
final class WarrenLns {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String MANAGEMENT = "http://127.0.0.1:8558";
    private static final String LOG = "warren";

    private WarrenLns() {}

    /**
     * Returns once the node is ready.
     *
     * @param home its distribution
     * @param javaOptions further ones, for WARREN_JAVA_OPTS; may be empty
     */
    static Lns start(Namespaces place, RemoteSide beside, Path home, String javaOptions) {
        Path configuration = configure(place.folder());
        ProcessBuilder builder = place.builder(
                "lns",
                List.of(
                        home.resolve("bin").resolve("warren").toString(),
                        "node",
                        "--config",
                        configuration.toString()));
        if (!javaOptions.isEmpty()) {
            builder.environment().merge("WARREN_JAVA_OPTS", javaOptions, (given, more) -> given + " " + more);
        }
        Process process = place.start(LOG, builder);
        long end = System.nanoTime() + START.toNanos();
        while (beside.obey(new Order.Fetch(MANAGEMENT + "/ready"), Answer.Fetched.class)
                        .status()
                != 200) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new BenchFailed("Warren's node is not ready: " + place.tail(LOG));
            }
            Program.pause(Duration.ofMillis(100));
        }
        return new Lns(Lns.Kind.WARREN, process, STOP);
    }

    private static Path configure(Path folder) {
        try {
            // Of this start only: no calls of an earlier one come back.
            Path own = Files.createTempDirectory(folder, "node-");
            Files.writeString(own.resolve("users"), "* * \"" + Lns.PASSWORD + "\" *\n");
            Path configuration = own.resolve("node.conf");
            Files.writeString(configuration, """
                    warren {
                      listen = ["%s:1701"]
                      hostname = "warren"
                      tunnel-secret = "%s"
                      ppp.authentication = [pap]
                      users-file = "%s"
                      pools.default = ["%s"]
                      gateway = "10.63.0.1"
                      tun.name = "warren0"
                      data-dir = "%s"
                    }
                    akka.management.http { hostname = "127.0.0.1", port = 8558 }
                    """.formatted(
                            Network.LNS_ADDRESS, Lns.SECRET, own.resolve("users"), Lns.POOL, own.resolve("data")));
            return configuration;
        } catch (IOException e) {
            throw new BenchFailed("cannot write the configuration of Warren's node", e);
        }
    }
}
