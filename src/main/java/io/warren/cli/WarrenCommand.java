package io.warren.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code warren} itself. Exit status 0: done; 1: it failed; 2: the command line (or the configuration) is wrong.
 */
@Command(
        name = "warren",
        description = "A clustered L2TP concentrator.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ShowCommand.class,
            HangUpCommand.class,
            LimitCommand.class,
            DrainCommand.class,
            VersionCommand.class
        })
public final class WarrenCommand implements Runnable {
    /** Exit status: the command failed. */
    public static final int FAILED = 1;

    /** Exit status: the command line or the configuration is wrong. */
    public static final int USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** The command with the subcommands that talk to a node; the caller adds its own and executes it. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new WarrenCommand());
        commandLine.setExecutionExceptionHandler(WarrenCommand::failed);
        return commandLine;
    }

    private static int failed(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof CommandFailed) {
            commandLine.getErr().println("warren: " + failure.getMessage());
            commandLine.getErr().flush();
            return FAILED;
        }
        throw failure;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do.");
    }
}
