package io.warren.it;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@link LoadDialer} in the namespace {@code lac}. */
final class ManyCalls implements AutoCloseable {
    /** The users file of {@link WarrenNode} lets in whoever has it. */
    static final String PASSWORD = "many calls";

    private final Process process;
    private final PrintWriter commands;
    private final Path log;

    private ManyCalls(Process process, Path log) {
        this.process = process;
        this.commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.log = log;
    }

    /** Begins to bring up {@code calls} over {@code tunnels}. */
    static ManyCalls start(Topology topology, int tunnels, int calls, int perSecond, @Nullable String secret) {
        return start(topology, "load.log", tunnels, calls, perSecond, secret);
    }

    /** The same beside another one, with a log of its own. */
    static ManyCalls start(
            Topology topology, String logName, int tunnels, int calls, int perSecond, @Nullable String secret) {
        Path log = topology.folder.resolve(logName);
        List<String> command = Shell.join(
                topology.inside("lac"),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                LoadDialer.class.getName(),
                Topology.LNS_ADDRESS,
                Integer.toString(tunnels),
                Integer.toString(calls),
                Integer.toString(perSecond),
                PASSWORD,
                secret == null ? "" : secret);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new ManyCalls(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitAllUp(Duration patience) {
        Await.until(
                "all calls are up", patience, () -> last("about=all-up", "up").isPresent());
    }

    /** Sends one echo through each call and returns how many were answered within {@code patience}. */
    int ping(String target, int expected, Duration patience) {
        commands.println("ping " + target);
        return awaitStatus("answered", patience, answered -> answered >= expected);
    }

    /** Places more calls. */
    void call(int count) {
        commands.println("call " + count);
    }

    /** Ends some calls. */
    void drop(int count) {
        commands.println("drop " + count);
    }

    /** Waits until the value is at least so much; the last value in either case. */
    int await(String key, int wanted, Duration patience) {
        return awaitStatus(key, patience, value -> value >= wanted);
    }

    /** Ends all calls; returns how many were ended in order within {@code patience}. */
    int hangUp(int expected, Duration patience) {
        commands.println("hangup");
        return awaitStatus("closed", patience, closed -> closed >= expected);
    }

    int status(String key) {
        return awaitStatus(key, Duration.ofSeconds(5), _ -> true);
    }

    /** Asks until the value is as wanted or time is up; the last value in either case. */
    private int awaitStatus(String key, Duration patience, IntPredicate wanted) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            long asked = size();
            commands.println("status");
            int value = Await.until("the load generator answers", Duration.ofSeconds(30), () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the load generator died: " + text());
                }
                return size() > asked ? last("about=status", key) : Optional.empty();
            });
            if (wanted.test(value) || System.nanoTime() >= end) {
                return value;
            }
            Await.pause(Duration.ofMillis(100));
        }
    }

    private long size() {
        return text().lines().filter(line -> line.contains("about=status")).count();
    }

    private Optional<Integer> last(String marker, String key) {
        Pattern pattern = Pattern.compile("\\b" + key + "=(\\d+)");
        return text().lines()
                .filter(line -> line.contains(marker))
                .reduce((_, later) -> later)
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(match -> Integer.valueOf(match.group(1)));
    }

    /** What it has said. */
    String text() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        commands.close();
        Shell.stop(process, Duration.ofSeconds(5));
    }
}
