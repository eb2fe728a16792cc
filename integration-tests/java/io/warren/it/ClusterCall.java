package io.warren.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A call to a cluster by {@code warren dial}, with a TUN device in the LAC's namespace. */
final class ClusterCall {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Its Acct-Session-Id. */
    final String id;
    /** Who has it. */
    final String node;

    private final Cluster cluster;
    private final String user;
    private final String device;
    private final Process process;

    private ClusterCall(Cluster cluster, String user, String device, Process process, String node, String id) {
        this.cluster = cluster;
        this.user = user;
        this.device = device;
        this.process = process;
        this.node = node;
        this.id = id;
    }

    /** Returns when it is up and the server has been told. */
    static ClusterCall dial(Cluster cluster, FreeRadius server, String user, String device) {
        Process process = Shell.start(
                cluster.folder.resolve(user + ".log"),
                Shell.join(
                        cluster.inside("lac"),
                        WarrenNode.PROGRAM.toString(),
                        "dial",
                        Cluster.PUBLIC_ADDRESS,
                        "--user",
                        user,
                        "--password-file",
                        password(cluster).toString(),
                        "--tun",
                        device));
        Await.until(
                "the call's start is written",
                PATIENCE,
                () -> !server.accounting(user, "Start").isEmpty());
        Await.until(
                "the call's interface is up",
                PATIENCE,
                () -> Shell.attempt(
                                PATIENCE,
                                Shell.join(cluster.inside("lac"), "ip", "-4", "-o", "address", "show", "dev", device))
                        .output()
                        .contains("inet "));
        String id = server.accounting(user, "Start").getLast().getOrDefault("Acct-Session-Id", "");
        return new ClusterCall(cluster, user, device, process, cluster.nodeOf(user), id);
    }

    private static Path password(Cluster cluster) {
        try {
            return Files.writeString(cluster.folder.resolve("password"), Cluster.PASSWORD + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The call, as an attribute that a RADIUS client may write. */
    String byId() {
        return "Acct-Session-Id = \"" + id + "\"";
    }

    String byName() {
        return "User-Name = \"" + user + "\"";
    }

    /** The nodes that do not have it. */
    List<String> strangers() {
        return cluster.running().stream().filter(each -> !each.equals(node)).toList();
    }

    /** Bits per second to the subscriber, as its node says. */
    long limit() {
        return cluster.sessionsOf(node, user)
                .getFirst()
                .path("limits")
                .path("downBitsPerSecond")
                .asLong();
    }

    /** Pings the host behind the cluster through the call. */
    Process ping(String... options) {
        List<String> command = Shell.join(cluster.inside("lac"), "ping", "-I", device);
        return Shell.start(log(), Shell.join(Shell.join(command, options), Cluster.CORE_ADDRESS));
    }

    /** What ping has said so far. */
    String pinged() {
        try {
            return Files.readString(log(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return cluster.folder.resolve(user + "-ping.log");
    }

    boolean isOver() {
        return !process.isAlive();
    }
}
