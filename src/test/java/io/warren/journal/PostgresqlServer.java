package io.warren.journal;

import io.warren.config.Secret;
import io.warren.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server on the loopback, with its data in a temporary folder. Can be stopped as a crash would and started
 * again.
 */
public final class PostgresqlServer implements AutoCloseable {
    /** Of the user {@code warren}. */
    public static final String PASSWORD = "cheshire cat";

    private static final String USER = "warren";

    private final Path programs;
    private final Path folder;
    private final List<String> inside;
    private final int port;
    private final String options;

    private PostgresqlServer(Path programs, Path folder, List<String> inside, int port, String options) {
        this.programs = programs;
        this.folder = folder;
        this.inside = inside;
        this.port = port;
        this.options = options;
    }

    /** Where Debian puts the newest version's programs. */
    public static Optional<Path> programs() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** One on a free port of this machine, which does not wait for the disk; the test is skipped where there is none. */
    static PostgresqlServer start() {
        if (programs().isEmpty()) {
            String reason = "this machine lacks postgresql; .ci/run installs what is needed";
            if (System.getenv("CI") != null) {
                Assertions.fail(reason);
            }
            Assumptions.abort(reason);
        }
        return start(List.of(), freePort(), " -c fsync=off");
    }

    /**
     * Starts a server with an empty database {@code warren}.
     *
     * @param inside the words that run a program in the server's network namespace; empty: this one
     */
    public static PostgresqlServer start(List<String> inside, int port) {
        return start(inside, port, "");
    }

    private static PostgresqlServer start(List<String> inside, int port, String options) {
        try {
            Path folder = Files.createTempDirectory("warren-postgresql-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            Path password = Files.writeString(folder.resolve("password"), PASSWORD);
            PostgresqlServer server = new PostgresqlServer(programs().orElseThrow(), folder, inside, port, options);
            server.run(
                    "initdb",
                    "-D",
                    server.data(),
                    "-U",
                    USER,
                    "-A",
                    "scram-sha-256",
                    "-E",
                    "UTF8",
                    "--no-sync",
                    "--pwfile",
                    password.toString());
            server.resume();
            server.run("createdb", "-h", "127.0.0.1", "-p", "" + port, "-U", USER, USER);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of configuration of a node that keeps its journal here. */
    public String configuration() {
        return configuration(port);
    }

    /** The same for a node that reaches the server through another port. */
    public String configuration(int through) {
        return """
                warren.journal {
                  database = postgresql
                  postgresql { url = "%s", user = %s, password = "%s" }
                }
                """.formatted(url(through), USER, PASSWORD);
    }

    Settings.Postgresql settings() {
        return settings(PASSWORD);
    }

    Settings.Postgresql settings(String password) {
        return new Settings.Postgresql(url(), USER, new Secret(password), 8);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    private String url() {
        return url(port);
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + USER;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Starts it again. */
    public void resume() {
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
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" + options,
                "start");
    }

    /** As a crash would. */
    public void stop() {
        run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    /** The server refuses to run as root. */
    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>(inside);
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            Path output = folder.resolve(program + ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("PGPASSWORD", PASSWORD);
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + ": " + Files.readString(output, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (IllegalStateException e) {
            // It may be stopped already.
            System.err.println("stopping PostgreSQL: " + e.getMessage());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
