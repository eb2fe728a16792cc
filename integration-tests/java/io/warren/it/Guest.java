package io.warren.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** A real Linux: user-mode-linux behind {@code lac}, driven through the mailbox that guest-boot describes. */
final class Guest implements AutoCloseable {
    /** Scripts of the project; the guest sees them at the same place as the host. */
    static final Path SCRIPTS = Path.of("integration-tests", "uml").toAbsolutePath();

    private static final Duration BOOT = Duration.ofSeconds(30);

    private final Path folder;
    private final Process process;
    private final AtomicInteger next = new AtomicInteger(1);

    private Guest(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Where a guest is.
     *
     * @param folder its own
     * @param tap in the namespace that it is booted in
     * @param address of the guest
     * @param gateway of the TAP
     */
    record Place(Path folder, String tap, String address, String gateway) {}

    static Guest boot(Topology topology) {
        return boot(
                new Place(topology.folder.resolve("guest"), "uml0", Topology.GUEST_ADDRESS, Topology.GUEST_GATEWAY),
                (log, command) -> topology.startIn("lac", log, command.toArray(new String[0])));
    }

    /**
     * Boots one where its TAP is, with its address.
     *
     * @param inside the words that run a program in that namespace
     */
    static Guest boot(Place place, List<String> inside) {
        return boot(
                place,
                (log, command) -> Shell.start(
                        place.folder().resolveSibling(log), Shell.join(inside, command.toArray(new String[0]))));
    }

    /** @param start takes the name of a log beside the guest's folder, and the command */
    private static Guest boot(Place place, BiFunction<String, List<String>, Process> start) {
        Path folder = place.folder();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int lastCpu = Runtime.getRuntime().availableProcessors() - 1;
        Process process = start.apply(
                folder.getFileName() + "/console",
                List.of(
                        SCRIPTS.resolve("guest-boot").toString(),
                        folder.toString(),
                        place.tap(),
                        place.address() + "/24",
                        place.gateway(),
                        Integer.toString(lastCpu)));
        Guest guest = new Guest(folder, process);
        try {
            Await.until("the guest has booted", BOOT, () -> {
                guest.mustLive();
                return Files.exists(folder.resolve("ready"));
            });
        } catch (AssertionError e) {
            guest.close();
            throw e;
        }
        return guest;
    }

    /** A command that was started in the guest. */
    final class Running {
        private final int number;
        private final String command;

        private Running(int number, String command) {
            this.number = number;
            this.command = command;
        }

        /** What it has written so far. */
        String output() {
            return read(number + ".out");
        }

        boolean ended() {
            mustLive();
            return Files.exists(mail(number + ".status"));
        }

        Shell.Result await(Duration patience) {
            Await.until("the guest has run " + command, patience, this::ended);
            return new Shell.Result(Integer.parseInt(read(number + ".status").strip()), output());
        }
    }

    Running start(String command) {
        int number = next.getAndIncrement();
        try {
            Path draft = mail(number + ".new");
            Files.writeString(draft, command + "\n");
            Files.move(draft, mail(number + ".sh"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Running(number, command);
    }

    Shell.Result attempt(Duration patience, String command) {
        return start(command).await(patience);
    }

    /** Output of a command that must succeed. */
    String run(Duration patience, String command) {
        Shell.Result result = attempt(patience, command);
        if (result.status() != 0) {
            throw new AssertionError("guest: " + command + " ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    /** Runs one of our scripts. */
    Shell.Result script(Duration patience, String name, List<String> arguments) {
        StringBuilder command = new StringBuilder(quote(SCRIPTS.resolve(name).toString()));
        for (String argument : arguments) {
            command.append(' ').append(quote(argument));
        }
        return attempt(patience, command.toString());
    }

    /** A log below the guest's folder, "" while it does not exist. */
    String log(String name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? readFile(file) : "";
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private void mustLive() {
        if (!process.isAlive()) {
            throw new AssertionError("the guest died: " + log("console"));
        }
    }

    private Path mail(String name) {
        return folder.resolve("do").resolve(name);
    }

    private String read(String name) {
        return Files.exists(mail(name)) ? readFile(mail(name)) : "";
    }

    private static String readFile(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // The guest's processes are the host's, in a process group with the number of the guest's.
        Shell.attempt(Duration.ofSeconds(5), List.of("kill", "-KILL", "--", "-" + process.pid()));
        Shell.stop(process, Duration.ofSeconds(5));
    }
}
