package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The container image, on a base of this machine's own since no registry may be in reach, laid out in a folder and run
 * there with chroot: whether all that a node needs is in it. That an engine takes the tar is not tested.
 */
class ImageIT {
    private static final Path TOOLS = Path.of("deploy", "image").toAbsolutePath();
    private static final Path IMAGE = Path.of("target", "warren-image.tar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder = Path.of(".");

    @Test
    void aNodeRunsFromTheImage() throws IOException {
        Means.require(Means.ROOT, Means.NAMESPACES, Means.CURL, Means.WARREN, Means.IMAGE);
        Path base = folder.resolve("base.tar");
        run(TOOLS.resolve("base-of-this-host").toString(), System.getProperty("java.home"), base.toString());
        run("mvn", "-B", "-q", "-Pimage", "jib:buildTar", "-Dimage.base=tar://" + base);
        Path root = folder.resolve("root");
        String configuration = run(TOOLS.resolve("unpack").toString(), IMAGE.toString(), root.toString());
        assertThat(configuration).contains("/opt/warren/bin/warren", "/etc/warren/application.conf", "1701/udp");
        assertThat(root.resolve("app")).as("Jib's own layout").doesNotExist();
        assertThat(run("ls", root.resolve("opt/warren/lib").toString()))
                .isEqualTo(run("ls", WarrenNode.PROGRAM.resolveSibling("../lib").toString()));

        configure(root);
        String namespace = folder.getFileName().toString().replaceAll("\\D", "") + "image";
        run("ip", "netns", "add", namespace);
        Process node = null;
        try {
            run("ip", "-n", namespace, "link", "set", "lo", "up");
            node = Shell.start(folder.resolve("node.log"), inImage(namespace, root));
            Process started = node;
            Await.until("the node is ready", Duration.ofMinutes(2), () -> {
                assertThat(started.isAlive()).as(this::log).isTrue();
                return curl(namespace).status() == 0;
            });
        } finally {
            if (node != null) {
                node.descendants().forEach(ProcessHandle::destroy);
                Shell.stop(node, Duration.ofSeconds(20));
            }
            Shell.attempt(PATIENCE, List.of("ip", "netns", "delete", namespace));
        }
    }

    /** What an engine would mount: the configuration, and the names of hosts. */
    private static void configure(Path root) throws IOException {
        Path etc = root.resolve("etc/warren");
        Files.createDirectories(etc);
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(etc.resolve("users"), "alice * wonderland *\n");
        Files.writeString(
                etc.resolve("application.conf"),
                "warren { users-file = \"users\", tun.name = off, data-dir = \"/var/lib/warren\" }\n");
        Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost image\n");
    }

    /** In a mount and UTS namespace of its own, so that /proc and the host's name go with the process. */
    private static List<String> inImage(String namespace, Path root) {
        String script = "hostname image && mount -t proc proc " + root + "/proc && exec env -i "
                + "PATH=/opt/java/openjdk/bin:/bin JAVA_HOME=/opt/java/openjdk /usr/sbin/chroot " + root
                + " /opt/warren/bin/warren node --config /etc/warren/application.conf";
        return List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                "unshare",
                "--mount",
                "--uts",
                "env",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "sh",
                "-c",
                script);
    }

    private static Shell.Result curl(String namespace) {
        return Shell.attempt(
                Duration.ofSeconds(10),
                List.of("ip", "netns", "exec", namespace, "curl", "-sf", "-m", "5", "http://127.0.0.1:8558/ready"));
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("node.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String run(String... command) {
        Shell.Result result = Shell.attempt(PATIENCE, List.of(command));
        assertThat(result.status())
                .as("%s: %s", String.join(" ", command), result.output())
                .isZero();
        return result.output();
    }
}
