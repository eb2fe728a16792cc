package io.warren.cli;

import io.warren.management.api.MemberView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code warren drain}: moves a node's calls to the others, before it is worked on. */
@Command(
        name = "drain",
        description =
                "Give the node's shards, and so its tunnels and calls, to the other nodes, and take no new tunnels. "
                        + "The node stays a member and relays. See how far it is with: warren show node",
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NodeOptions node;

    @Option(names = "--undo", description = "Let the node have its share of the shards again.")
    private boolean undo;

    @Override
    public Integer call() {
        MemberView member = node.client().change(undo ? "DELETE" : "POST", "/l2tp/drain", MemberView.class);
        node.print(
                spec.commandLine().getOut(),
                member,
                out -> out.println(member.name() + (member.draining() ? " drains: " : " takes its share again: ")
                        + member.shards() + " shards are there now"));
        return 0;
    }
}
