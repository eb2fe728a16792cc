package io.warren.app;

import io.warren.cli.WarrenCommand;
import io.warren.config.Configuration;
import io.warren.config.SettingsException;
import io.warren.config.SettingsReader;
import io.warren.sys.NamedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren node}: runs a node until it is told to stop. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description =
                "Runs a node in the foreground. SIGTERM stops it; calls stay for the next start or are hung up, as "
                        + "warren.on-stop says; in a cluster the other nodes take them. Exit status 3: the cluster went on "
                        + "without this node; start it again.")
final class NodeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration; conf/application.conf shows every key.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path config;

    private static RunningNode start(Configuration configuration) throws IOException {
        return configuration.settings().cluster().enabled()
                ? ClusterNode.start(
                        configuration,
                        new ClusterWiring(),
                        () -> Runtime.getRuntime().halt(ClusterNode.FENCED))
                : Node.start(configuration);
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Configuration configuration = SettingsReader.read(config);
            NamedThreads.giveWay(NamedThreads.SECOND_COMPILER);
            return start(configuration).awaitTermination();
        } catch (SettingsException e) {
            spec.commandLine().getErr().println("warren: the configuration has mistakes:\n" + e.getMessage());
            return WarrenCommand.USAGE;
        } catch (IOException | io.warren.journal.JournalException e) {
            spec.commandLine().getErr().println("warren: cannot start: " + e.getMessage());
            return WarrenCommand.FAILED;
        }
    }
}
