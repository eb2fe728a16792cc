package io.warren.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What {@code /proc} says of a process (proc(5)). */
final class ProcessFigures {
    /** USER_HZ, the same on all architectures that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcessFigures() {}

    /** User and system time of all its threads so far. */
    static double cpuSeconds(long pid) {
        String stat = read(pid, "stat");
        // The second field is a name in parentheses, which may hold anything; utime and stime are the 14th and 15th.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Resident memory in octets. */
    static long resident(long pid) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                .findFirst()
                .orElse(0);
    }

    /** Open file descriptors. */
    static long descriptors(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw gone(pid, e);
        }
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw gone(pid, e);
        }
    }

    private static BenchFailed gone(long pid, IOException cause) {
        return new BenchFailed("the process " + pid + ", which is measured, has ended", cause);
    }
}
