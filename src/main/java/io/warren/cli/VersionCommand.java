package io.warren.cli;

import io.warren.management.api.NodeView;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code warren version}: of this command, and of the node if one answers. */
@Command(
        name = "version",
        description = "Show the version of this command, and of the node if one answers.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NodeOptions node;

    @Override
    public void run() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("warren", Version.text());
        versions.put("java", Runtime.version().toString());
        try {
            versions.put("node", node.client().get("/l2tp/node", NodeView.class).version());
        } catch (CommandFailed e) {
            versions.put("node", "none answers at " + node.url());
        }
        node.print(
                spec.commandLine().getOut(),
                versions,
                out -> versions.forEach((name, version) -> out.printf("%-7s %s%n", name, Table.printable(version))));
    }
}
