package io.warren.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One TCP stream through one call of {@code warren dial --tun}, by iperf3. */
final class TcpStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TUN = "bench0";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(10);
    /** Left out at the beginning: slow start, and Java compiles. */
    private static final int OMITTED_SECONDS = 2;

    private final Namespaces place;
    private final Process dial;

    private TcpStream(Namespaces place, Process dial) {
        this.place = place;
        this.dial = dial;
    }

    /** Dials, and sends what is for the host behind the LNS through the call. */
    static TcpStream open(Namespaces place, Path warren) {
        ProcessBuilder builder = place.builder(
                "lac",
                List.of(
                        warren.resolve("bin").resolve("warren").toString(),
                        "dial",
                        Network.LNS_ADDRESS,
                        "--user",
                        "tcp",
                        "--password-file",
                        secretFile(place, "password", Lns.PASSWORD),
                        "--secret-file",
                        secretFile(place, "secret", Lns.SECRET),
                        "--tun",
                        TUN));
        // The launcher has a command that is over soon in mind; this one has work to do.
        builder.environment().put("WARREN_JAVA_OPTS", "-XX:TieredStopAtLevel=4");
        TcpStream stream = new TcpStream(place, place.start("dial", builder));
        try {
            stream.awaitTun();
            place.in("lac", "ip", "route", "add", Network.CORE_ADDRESS + "/32", "dev", TUN);
            return stream;
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private static String secretFile(Namespaces place, String name, String secret) {
        try {
            return Files.writeString(place.folder().resolve(name), secret + "\n")
                    .toString();
        } catch (IOException e) {
            throw new BenchFailed("cannot write the " + name, e);
        }
    }

    private void awaitTun() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!place.attemptIn("lac", PATIENCE, List.of("ip", "-4", "address", "show", TUN))
                .output()
                .contains("inet ")) {
            if (!dial.isAlive() || System.nanoTime() > end) {
                throw new BenchFailed("warren dial did not come up: " + place.tail("dial"));
            }
            Program.pause(Duration.ofMillis(100));
        }
    }

    /** Mbit/s of payload, retransmissions, and how busy the LNS and the client were, in percent of one core. */
    Map<String, Double> measure(Lns lns, Stand.Direction direction, int seconds) {
        Process server =
                place.start("iperf3", place.builder("core", List.of("iperf3", "-s", "-1", "-B", Network.CORE_ADDRESS)));
        try {
            Program.pause(Duration.ofMillis(300));
            List<String> client = new ArrayList<>(List.of("iperf3", "-J", "-c", Network.CORE_ADDRESS));
            client.addAll(List.of("-O", "" + OMITTED_SECONDS, "-t", "" + seconds));
            if (direction == Stand.Direction.DOWN) {
                client.add("-R");
            }
            double lnsBefore = ProcessFigures.cpuSeconds(lns.pid());
            double dialBefore = ProcessFigures.cpuSeconds(dial.pid());
            Program.Result result = place.attemptIn("lac", PATIENCE.plusSeconds(seconds + OMITTED_SECONDS), client);
            Map<String, Double> figures = figures(result);
            double all = seconds + OMITTED_SECONDS;
            figures.put("lns_cpu_pct", 100 * (ProcessFigures.cpuSeconds(lns.pid()) - lnsBefore) / all);
            figures.put("client_cpu_pct", 100 * (ProcessFigures.cpuSeconds(dial.pid()) - dialBefore) / all);
            return figures;
        } finally {
            Program.stop(server, STOP);
        }
    }

    private static Map<String, Double> figures(Program.Result result) {
        try {
            JsonNode end = JSON.readTree(result.output()).path("end");
            if (result.status() != 0 || end.path("sum_received").isMissingNode()) {
                throw new BenchFailed("iperf3 ended with " + result.status() + ": " + result.output());
            }
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("mbit", end.path("sum_received").path("bits_per_second").asDouble() / 1e6);
            figures.put("retransmits", end.path("sum_sent").path("retransmits").asDouble());
            return figures;
        } catch (JsonProcessingException e) {
            throw new BenchFailed("iperf3 said no JSON: " + result.output(), e);
        }
    }

    @Override
    public void close() {
        Program.stop(dial, STOP);
    }
}
