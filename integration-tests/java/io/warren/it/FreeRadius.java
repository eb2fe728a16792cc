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
 * Debian's FreeRADIUS beside one node or many, with a configuration of its own. So old a release (3.2.1)
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
              eap {
                default_eap_type = md5
                timer_expire = 60
                ignore_unknown_eap_types = no
                max_sessions = 4096
                md5 { }
                mschapv2 { }
                %4$s
              }
              detail {
                filename = %1$s/detail
                permissions = 0600
              }
            }
            client node {
              ipaddr = 0.0.0.0/0
              secret = "%2$s"
              require_message_authenticator = yes
            }
            server default {
              listen {
                type = auth
                ipaddr = %3$s
                port = 1812
              }
              listen {
                type = acct
                ipaddr = %3$s
                port = 1813
              }
              %5$s
              authorize {
                files
                eap {
                  ok = return
                }
                chap
                mschap
                pap
              }
              authenticate {
                eap
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

    private static final String TLS = """
            tls-config ours {
              private_key_file = %1$s/server-key.pem
              certificate_file = %1$s/server-cert.pem
              ca_file = %1$s/ca.pem
              tls_min_version = "1.2"
              tls_max_version = "1.2"
              cipher_list = "DEFAULT"
              fragment_size = 512
            }
            tls {
              tls = ours
            }
            """;

    /** RADIUS over TLS, for whoever has a certificate of ours. */
    private static final String RADSEC = """
            listen {
              type = auth+acct
              ipaddr = %2$s
              port = 2083
              proto = tcp
              clients = radsec
              limit {
                max_connections = 16
                lifetime = 0
                idle_timeout = 30
              }
              tls {
                private_key_file = %1$s/server-key.pem
                certificate_file = %1$s/server-cert.pem
                ca_file = %1$s/ca.pem
                tls_min_version = "1.2"
                tls_max_version = "1.3"
                cipher_list = "DEFAULT"
                fragment_size = 8192
                require_client_cert = yes
              }
            }
            """;

    /** It serves TLS with a pool of threads only. */
    private static final String RADSEC_CLIENTS = """
            thread pool {
              start_servers = 1
              max_servers = 1
              min_spare_servers = 1
              max_spare_servers = 1
              max_requests_per_server = 0
            }
            clients radsec {
              client node-over-tls {
                ipaddr = 0.0.0.0/0
                proto = tls
                secret = radsec
              }
            }
            """;

    private final Path folder;
    private final List<String> inside;
    private final String address;
    private @Nullable Process process;

    /** @param inside the words that run a program in its namespace */
    private FreeRadius(Path folder, List<String> inside, String address) {
        this.folder = folder.resolve("radius");
        this.inside = inside;
        this.address = address;
    }

    /**
     * Starts a server with these users, on the loopback of the node's namespace.
     *
     * @param users in the format of its users file
     */
    static FreeRadius start(Topology topology, String users) {
        return start(new FreeRadius(topology.folder, topology.inside("lns"), "127.0.0.1"), users);
    }

    /** The same for all nodes of a cluster, on the host behind them. */
    static FreeRadius start(Cluster cluster, String users) {
        return start(new FreeRadius(cluster.folder, cluster.inside("core"), Cluster.CORE_ADDRESS), users);
    }

    private static FreeRadius start(FreeRadius server, String users) {
        try {
            Files.createDirectories(server.folder);
            String tls = "";
            String radsec = "";
            String radsecClients = "";
            if (Means.OPENSSL.isPresent()) {
                server.makeCertificates();
                tls = TLS.formatted(server.certificates());
                radsec = RADSEC.formatted(server.certificates(), server.address);
                radsecClients = RADSEC_CLIENTS;
            }
            Files.writeString(
                    server.folder.resolve("radiusd.conf"),
                    radsecClients + CONFIGURATION.formatted(server.folder, SECRET, server.address, tls, radsec));
            Files.writeString(server.folder.resolve("dictionary"), "");
            Files.writeString(server.folder.resolve("users"), users);
            Files.deleteIfExists(server.folder.resolve("detail"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        return server;
    }

    /** Where ca.pem, server-cert.pem, server-key.pem, client-cert.pem and client-key.pem are. */
    Path certificates() {
        return folder.resolve("certificates");
    }

    /** RSA, since an elliptic curve's certificates would fit into one packet. */
    private void makeCertificates() throws IOException {
        Path to = certificates();
        Files.createDirectories(to);
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=lab",
                "-keyout",
                to.resolve("ca-key.pem").toString(),
                "-out",
                to.resolve("ca.pem").toString());
        for (String name : List.of("server", "client")) {
            String request = to.resolve(name + ".csr").toString();
            openssl(
                    "req",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-subj",
                    "/CN=" + (name.equals("client") ? "tls" : name),
                    "-keyout",
                    to.resolve(name + "-key.pem").toString(),
                    "-out",
                    request);
            Path usage = to.resolve(name + ".ext");
            Files.writeString(usage, "extendedKeyUsage = " + name + "Auth\n");
            openssl(
                    "x509",
                    "-req",
                    "-in",
                    request,
                    "-days",
                    "2",
                    "-CA",
                    to.resolve("ca.pem").toString(),
                    "-CAkey",
                    to.resolve("ca-key.pem").toString(),
                    "-CAcreateserial",
                    "-extfile",
                    usage.toString(),
                    "-out",
                    to.resolve(name + "-cert.pem").toString());
        }
    }

    private static void openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Shell.run(command);
    }

    /** Starts it again, with what it has written. */
    void start() {
        process = Shell.start(
                folder.resolve("server.log"),
                Shell.join(inside, "freeradius", "-f", "-d", folder.toString(), "-n", "radiusd"));
        Await.until(
                "FreeRADIUS listens",
                PATIENCE,
                () -> Shell.run(Shell.join(inside, "ss", "-Hlun")).contains(address + ":1813"));
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

    /** The Acct-Session-Ids of all that it has written down of one kind, in order. */
    List<String> ids(String kind) {
        return accounting().stream()
                .filter(record -> kind.equals(record.get("Acct-Status-Type")))
                .map(record -> record.getOrDefault("Acct-Session-Id", ""))
                .toList();
    }

    /** The same of one user, in a cluster that may still tell of others' calls. */
    List<String> ids(String user, String kind) {
        return accounting(user, kind).stream()
                .map(record -> record.getOrDefault("Acct-Session-Id", ""))
                .toList();
    }

    /** What radclient says when the node on the same loopback has answered, or not. */
    Shell.Result ask(String command, String attributes) {
        return ask("127.0.0.1", command, attributes);
    }

    /**
     * The same with a node elsewhere.
     *
     * @param node its address
     */
    Shell.Result ask(String node, String command, String attributes) {
        try {
            Path file = folder.resolve("ask");
            Files.writeString(file, attributes + "\n");
            return Shell.attempt(
                    PATIENCE,
                    Shell.join(
                            inside,
                            "radclient",
                            "-x",
                            "-r",
                            "1",
                            "-f",
                            file.toString(),
                            node + ":3799",
                            command,
                            SECRET));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
