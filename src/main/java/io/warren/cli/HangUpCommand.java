package io.warren.cli;

import io.warren.management.api.HangUpView;
import io.warren.management.api.SessionView;
import io.warren.management.api.TunnelView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warren hangup …}: ends calls and tunnels. More than the named ones only with {@code --yes}. */
@Command(
        name = "hangup",
        description = "End calls (CDN) and tunnels (StopCCN).",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  warren hangup 17-4", "  warren hangup 17", "  warren hangup --user alice --yes"})
final class HangUpCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NodeOptions node;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Filter filter;

    @Parameters(paramLabel = "ID", description = "A call (17-4) or a whole tunnel (17).")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "All tunnels, and so all calls.")
    private boolean all;

    @Option(names = "--yes", description = "Do it: needed unless IDs are given.")
    private boolean yes;

    @Option(
            names = "--result",
            paramLabel = "CODE",
            description = "Result code that the peer is told (RFC 2661 §4.4.2; default: 3 for calls, 1 for tunnels).")
    private @Nullable Integer result;

    @Override
    public Integer call() {
        int ways = (ids.isEmpty() ? 0 : 1) + (filter.isEmpty() ? 0 : 1) + (all ? 1 : 0);
        if (ways != 1) {
            throw usage("Name what to end: IDs, or a filter such as --user, or --all.");
        }
        if (result != null && (result < 1 || result > 65_535)) {
            throw usage("--result is a number from 1 to 65535.");
        }
        List<String> paths =
                ids.stream().map(id -> Target.path(spec.commandLine(), id)).toList();
        NodeClient client = node.client();
        List<String> targets = ids.isEmpty() ? selected(client) : paths;
        if (ids.isEmpty() && !yes) {
            throw usage("This would end " + targets.size() + (all ? " tunnels" : " calls") + "; say --yes to do it.");
        }
        return hangUp(client, targets);
    }

    private List<String> selected(NodeClient client) {
        List<String> paths = new ArrayList<>();
        if (all) {
            client.each("/l2tp/tunnels", Map.of(), TunnelView.class, t -> paths.add("/l2tp/tunnels/" + t.id()));
        } else {
            client.each(
                    "/l2tp/sessions",
                    filter.parameters(),
                    SessionView.class,
                    s -> paths.add("/l2tp/sessions/" + s.id()));
        }
        return paths;
    }

    /** Goes on when one fails: it may have ended by itself meanwhile. */
    private int hangUp(NodeClient client, List<String> paths) {
        Map<String, String> parameters = result == null ? Map.of() : Map.of("result", result.toString());
        List<HangUpView> done = new ArrayList<>();
        int failures = 0;
        for (String path : paths) {
            try {
                done.add(client.hangUp(path, parameters));
            } catch (CommandFailed e) {
                failures++;
                spec.commandLine().getErr().println("warren: " + e.getMessage());
            }
        }
        node.print(
                spec.commandLine().getOut(),
                done,
                out -> done.forEach(
                        view -> out.println("hanging up " + view.id() + " (result code " + view.result() + ")")));
        spec.commandLine().getErr().flush();
        return failures == 0 ? 0 : WarrenCommand.FAILED;
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
