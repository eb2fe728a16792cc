package io.warren.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Debian's FreeRADIUS on the loopback of the node's namespace, with a configuration of its own. So old a release (3.2.1)
 * has to be told to sign its answers; later ones do it by themselves.
 */
final class FreeRadius implements AutoCloseable {
    static final String SECRET = "a secret of both";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String CONFIGURATION = """
            prefix = /usr
            libdir = /usr/lib/freeradius
            raddbdir = %1$s
            logdir = %1$s
            run_dir = %1$s
            pidfile = %1$s/freeradius.pid
            hostname_lookups = no
            max_requests = 16384
            cleanup_delay = 2
            log {
              destination = files
              file = %1$s/freeradius.log
              auth = yes
            }
            security {
              max_attributes = 200
              reject_delay = 0
              status_server = no
            }
            modules {
              pap { }
              chap { }
              mschap {
                use_mppe = yes
              }
              files {
                filename = %1$s/users
              }
              detail {
                filename = %1$s/detail
                permissions = 0600
              }
            }
            client node {
              ipaddr = 127.0.0.0/8
              secret = "%2$s"
              require_message_authenticator = yes
            }
            server default {
              listen {
                type = auth
                ipaddr = 127.0.0.1
                port = 1812
              }
              listen {
                type = acct
                ipaddr = 127.0.0.1
                port = 1813
              }
              authorize {
                files
                chap
                mschap
                pap
              }
              authenticate {
                Auth-Type PAP {
                  pap
                }
                Auth-Type CHAP {
                  chap
                }
                Auth-Type MS-CHAP {
                  mschap
                }
              }
              post-auth {
                update reply {
                  Message-Authenticator := 0x00
                }
                Post-Auth-Type REJECT {
                  update reply {
                    Message-Authenticator := 0x00
                  }
                }
              }
              accounting {
                detail
              }
            }
            """;

    private final Topology topology;
    private final Path folder;
    private @Nullable Process process;

    private FreeRadius(Topology topology) {
        this.topology = topology;
        this.folder = topology.folder.resolve("radius");
    }

    /**
     * Starts a server with these users.
     *
     * @param users in the format of its users file
     */
    static FreeRadius start(Topology topology, String users) {
        FreeRadius server = new FreeRadius(topology);
        try {
            Files.createDirectories(server.folder);
            Files.writeString(server.folder.resolve("radiusd.conf"), CONFIGURATION.formatted(server.folder, SECRET));
            Files.writeString(server.folder.resolve("dictionary"), "");
            Files.writeString(server.folder.resolve("users"), users);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        return server;
    }

    /** Starts it again, with what it has written. */
    void start() {
        process = topology.startIn(
                "lns", "radius/server.log", "freeradius", "-f", "-d", folder.toString(), "-n", "radiusd");
        Await.until(
                "FreeRADIUS listens",
                PATIENCE,
                () -> topology.in("lns", "ss", "-Hlun").contains("127.0.0.1:1813"));
    }

    /** Whether it runs. */
    boolean runs() {
        return process != null && process.isAlive();
    }

    /** {@code kill -9}. */
    void kill() {
        Process victim = process;
        if (victim != null) {
            List<ProcessHandle> all = new ArrayList<>(victim.descendants().toList());
            victim.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
            Await.until("FreeRADIUS is gone", PATIENCE, () -> !victim.isAlive());
        }
    }

    /** The Accounting-Requests that it has written down, in order. */
    List<Map<String, String>> accounting() {
        Path detail = folder.resolve("detail");
        List<Map<String, String>> records = new ArrayList<>();
        if (!Files.exists(detail)) {
            return records;
        }
        try {
            Map<String, String> record = new HashMap<>();
            for (String line : Files.readAllLines(detail, StandardCharsets.UTF_8)) {
                int equals = line.indexOf(" = ");
                if (line.isBlank() && !record.isEmpty()) {
                    records.add(record);
                    record = new HashMap<>();
                } else if (equals > 0) {
                    record.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 3).replace("\"", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /** Those of one user and of one kind: Start, Stop, Interim-Update. */
    List<Map<String, String>> accounting(String user, String kind) {
        return accounting().stream()
                .filter(record -> user.equals(record.get("User-Name")) && kind.equals(record.get("Acct-Status-Type")))
                .toList();
    }

    /** What radclient says when the node has answered, or not. */
    Shell.Result ask(String command, String attributes) {
        try {
            Path file = folder.resolve("ask");
            Files.writeString(file, attributes + "\n");
            return topology.attemptIn(
                    "lns",
                    PATIENCE,
                    "radclient",
                    "-x",
                    "-r",
                    "1",
                    "-f",
                    file.toString(),
                    "127.0.0.1:3799",
                    command,
                    SECRET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
