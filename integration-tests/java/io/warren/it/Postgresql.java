package io.warren.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server in the namespace {@code lns}, on its loopback; with a data directory of its own. Can be stopped as
 * a crash would and started again.
 */
final class Postgresql implements AutoCloseable {
    private static final String PASSWORD = "white rabbit";
    static final int PORT = 5432;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Topology topology;
    private final Path programs;
    private final Path folder;

    private Postgresql(Topology topology, Path programs, Path folder) {
        this.topology = topology;
        this.programs = programs;
        this.folder = folder;
    }

    /** Where Debian puts the newest version's programs. */
    static Optional<Path> programs() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Starts a server with an empty database. */
    static Postgresql start(Topology topology) {
        try {
            Path folder = Files.createTempDirectory("warren-it-postgresql-");
            // The server does not run as root.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            Postgresql server = new Postgresql(topology, programs().orElseThrow(), folder);
            Path password = Files.writeString(folder.resolve("password"), PASSWORD);
            server.run(
                    "initdb",
                    "-D",
                    server.data(),
                    "-U",
                    "warren",
                    "-A",
                    "scram-sha-256",
                    "-E",
                    "UTF8",
                    "--no-sync",
                    "--pwfile",
                    password.toString());
            server.resume();
            topology.in(
                    "lns",
                    "env",
                    "PGPASSWORD=" + PASSWORD,
                    server.programs.resolve("createdb").toString(),
                    "-h",
                    "127.0.0.1",
                    "-U",
                    "warren",
                    "warren");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node's lines of configuration. */
    String configuration() {
        return configuration(PORT);
    }

    /** The same for a node that reaches the server through another port. */
    String configuration(int port) {
        return """
                warren.journal {
                  database = postgresql
                  postgresql { url = "jdbc:postgresql://127.0.0.1:%d/warren", user = warren, password = "%s" }
                }
                """.formatted(port, PASSWORD);
    }

    void resume() {
        run(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-t",
                "30",
                "-l",
                folder.resolve("server.log").toString(),
                "-o",
                "-p " + PORT + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''",
                "start");
    }

    /** As a crash would. */
    void stop() {
        run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>(topology.inside("lns"));
        command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
        command.addAll(List.of("env", "--chdir=" + folder));
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.attempt(PATIENCE, command);
        if (result.status() != 0) {
            throw new IllegalStateException(program + " ended with " + result.status() + ": " + result.output());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (IllegalStateException e) {
            System.err.println("stopping PostgreSQL: " + e.getMessage());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
