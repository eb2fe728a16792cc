package io.warren.app;

import io.warren.bench.BenchCommand;
import io.warren.cli.WarrenCommand;
import io.warren.client.DialCommand;
import picocli.CommandLine;

/** The {@code warren} command with all its subcommands. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandLine commandLine = WarrenCommand.commandLine()
                .addSubcommand(new NodeCommand())
                .addSubcommand(new SchemaCommand())
                .addSubcommand(new DialCommand())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new BenchCommand());
        System.exit(commandLine.execute(args));
    }
}
