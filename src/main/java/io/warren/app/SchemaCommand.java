package io.warren.app;

import io.warren.cli.WarrenCommand;
import io.warren.config.Settings;
import io.warren.config.SettingsException;
import io.warren.config.SettingsReader;
import io.warren.journal.JournalException;
import io.warren.journal.Schema;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren schema}: the tables of a journal on PostgreSQL. H2 needs nothing of the kind. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description =
                "Prints the tables that a journal on PostgreSQL needs, as SQL, or creates those that are missing.")
final class SchemaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--apply", description = "Create what is missing in the database that FILE names.")
    private boolean apply;

    @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration; needed with --apply.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        if (!apply) {
            spec.commandLine().getOut().print(Schema.postgresql());
            spec.commandLine().getOut().flush();
            return 0;
        }
        if (config == null) {
            return wrong("--apply needs --config FILE, which says where the database is");
        }
        try {
            Settings.Journal journal = SettingsReader.read(config).settings().journal();
            if (journal.database() != Settings.Database.POSTGRESQL) {
                return wrong("warren.journal.database is not postgresql in " + config + ": nothing has to be created");
            }
            Schema.apply(journal.postgresql());
            spec.commandLine().getOut().println("the tables are there");
            return 0;
        } catch (SettingsException e) {
            return wrong("the configuration has mistakes:\n" + e.getMessage());
        } catch (JournalException e) {
            spec.commandLine().getErr().println("warren: " + e.getMessage());
            return WarrenCommand.FAILED;
        }
    }

    private int wrong(String message) {
        spec.commandLine().getErr().println("warren: " + message);
        return WarrenCommand.USAGE;
    }
}
