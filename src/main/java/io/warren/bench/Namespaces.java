package io.warren.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Network namespaces, each with its role, and the programs started in them, which end with it. Makes no namespace. */
final class Namespaces implements AutoCloseable {
    private static final Path ALL = Path.of("/run/netns");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** By role. */
    private final Map<String, String> names;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    /** @param names by role */
    Namespaces(Map<String, String> names) {
        this.names = Map.copyOf(names);
        try {
            this.folder = Files.createTempDirectory("warren-bench-");
        } catch (IOException e) {
            throw new BenchFailed("no temporary directory can be made", e);
        }
    }

    /** Those that somebody else has made; complains when one is not there. */
    static Namespaces existing(Map<String, String> names) {
        for (String name : names.values()) {
            if (!exists(name)) {
                throw new BenchFailed("there is no network namespace " + name + " (ip netns list)");
            }
        }
        return new Namespaces(names);
    }

    static boolean exists(String name) {
        return Files.exists(ALL.resolve(name));
    }

    String name(String role) {
        String name = names.get(role);
        if (name == null) {
            throw new IllegalArgumentException("no namespace has the role " + role);
        }
        return name;
    }

    /** For logs and configurations; goes with the programs. */
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
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name(role)));
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

    /** Starts a program that ends with the namespaces' use at the latest. Its output is added to a log in {@link #folder}. */
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
            String text = Files.readString(log(name), StandardCharsets.ISO_8859_1);
            return text.substring(Math.max(0, text.length() - 2_000));
        } catch (IOException e) {
            return "";
        }
    }

    synchronized Process owning(Process process) {
        processes.add(process);
        return process;
    }

    /** What is left is ended, and the folder goes. The namespaces stay. */
    @Override
    public synchronized void close() {
        processes.reversed().forEach(process -> Program.stop(process, PATIENCE));
        processes.clear();
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
