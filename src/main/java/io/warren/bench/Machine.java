package io.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Where and with what the benchmark ran. */
final class Machine {
    private Machine() {}

    /** Date, processor, kernel, Java and versions of what was measured: one line. */
    static String describe(Path warren, List<Lns.Kind> kinds) {
        List<String> parts = new ArrayList<>();
        parts.add(LocalDate.now(java.time.ZoneId.systemDefault()).toString());
        parts.add(processor() + " × " + Runtime.getRuntime().availableProcessors());
        parts.add("Linux " + System.getProperty("os.version"));
        parts.add("Java " + Runtime.version());
        parts.add(firstLine(warren.resolve("bin").resolve("warren").toString(), "version"));
        if (kinds.contains(Lns.Kind.L2TPNS)) {
            parts.add("l2tpns " + packageVersion("l2tpns"));
        }
        parts.add("iperf3 " + packageVersion("iperf3"));
        return String.join(", ", parts);
    }

    /** Processes that ran or waited for a processor, on average of the last minute; proc_loadavg(5). */
    static double load() {
        try {
            return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static String processor() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst("^[^:]*:\\s*", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String packageVersion(String name) {
        return firstLine("dpkg-query", "-W", "-f", "${Version}", name);
    }

    private static String firstLine(String... command) {
        Program.Result result = Program.attempt(Duration.ofSeconds(20), List.of(command));
        return result.status() == 0
                ? result.output().lines().findFirst().orElse("?").strip()
                : "?";
    }
}
