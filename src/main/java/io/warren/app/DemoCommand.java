package io.warren.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.cli.WarrenCommand;
import io.warren.client.DialOutcome;
import io.warren.client.DialRequest;
import io.warren.client.Dialer;
import io.warren.config.SettingsException;
import io.warren.config.SettingsReader;
import io.warren.journal.JournalException;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code warren demo}: a node on the embedded defaults, and one call to it, to see that it works here. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts a node on the embedded defaults, dials it, pings through the call, and leaves the node "
                + "running. Without root it has no TUN device: then only the gateway address answers.")
final class DemoCommand implements Callable<Integer> {
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final String USER = "alice";
    private static final String PASSWORD = "wonderland";
    private static final int PINGS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        boolean withTun = "root".equals(System.getProperty("user.name")) && Files.isWritable(TUN);
        out.println(
                withTun
                        ? "Starting a node with the TUN device warren0."
                        : "Starting a node without a TUN device (that takes root and /dev/net/tun): the null plane answers pings"
                                + " to the gateway itself.");
        out.flush();
        try {
            Node node = Node.start(SettingsReader.read(defaults(withTun), conf()));
            boolean pinged = dial(node, out);
            out.printf(
                    "%nThe node goes on running: Ctrl-C stops it. Look at it with%n    %s/bin/warren show tunnels%n"
                            + "    %s/bin/warren dial 127.0.0.1 --user %s --password-file FILE --ping %s%n"
                            + "Management: %s%n",
                    home(), home(), USER, node.settings().gateway(), node.managementUrl());
            out.flush();
            if (!pinged) {
                node.stop();
            }
            node.awaitTermination();
            return pinged ? 0 : WarrenCommand.FAILED;
        } catch (SettingsException | IOException | JournalException e) {
            spec.commandLine().getErr().println("warren: cannot start: " + e.getMessage());
            return WarrenCommand.FAILED;
        }
    }

    private static Config defaults(boolean withTun) {
        Map<String, Object> overrides = new HashMap<>();
        if (!withTun) {
            overrides.put("warren.tun.name", "off");
        }
        return ConfigFactory.parseMap(overrides, "demo");
    }

    private boolean dial(Node node, PrintWriter out) throws IOException {
        InetSocketAddress lns = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                node.plane().listening().getFirst().port());
        DialRequest request = new DialRequest(
                lns,
                USER,
                Bytes.of(PASSWORD.getBytes(StandardCharsets.UTF_8)),
                null,
                null,
                node.settings().gateway().bits(),
                PINGS,
                Duration.ofSeconds(30));
        out.printf("%nDialling it with Warren's own LAC client:%n");
        DialOutcome outcome = new Dialer(request, (since, step) -> {
                    out.printf(Locale.ROOT, "%8.3f s  %s%n", since.toNanos() / 1e9, step);
                    out.flush();
                })
                .run();
        out.println(outcome.success() ? "It works." : "It does not work: " + outcome.failure());
        return outcome.success();
    }

    private static Path conf() {
        return home().resolve("conf");
    }

    /** Where the distribution is unpacked, as its launcher says. */
    private static Path home() {
        return Path.of(System.getProperty("warren.home", ".")).toAbsolutePath().normalize();
    }
}
