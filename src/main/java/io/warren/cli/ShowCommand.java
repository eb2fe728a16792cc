package io.warren.cli;

import io.warren.management.api.ClusterView;
import io.warren.management.api.EventView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.NodeView;
import io.warren.management.api.Page;
import io.warren.management.api.SessionView;
import io.warren.management.api.TrafficView;
import io.warren.management.api.TunnelView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code warren show …}: what is there. */
@Command(
        name = "show",
        description = "Show tunnels, calls, forwarding, the node and its cluster.",
        mixinStandardHelpOptions = true)
final class ShowCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Show what? tunnels, sessions, session ID, forwarding, node or cluster.");
    }

    @Command(description = "List the tunnels.", mixinStandardHelpOptions = true)
    void tunnels(
            @Mixin NodeOptions node,
            @Option(
                            names = "--peer",
                            paramLabel = "PEER",
                            description = "Only from this peer: its address or host name.")
                    @Nullable
                    String peer) {
        Map<String, String> filter = peer == null ? Map.of() : Map.of("peer", peer);
        list(node, "/l2tp/tunnels", filter, TunnelView.class, tunnels -> {
            Table table = new Table("ID", "PEER", "HOST", "PEER-ID", "STATE", "SESSIONS", "SINCE");
            tunnels.forEach(t -> table.row(
                    t.id(), t.peer(), shown(t.peerHost()), t.peerTunnelId(), t.state(), t.sessions(), t.since()));
            return table;
        });
    }

    @Command(description = "List the calls.", mixinStandardHelpOptions = true)
    void sessions(@Mixin NodeOptions node, @Mixin Filter filter) {
        list(node, "/l2tp/sessions", filter.parameters(), SessionView.class, sessions -> {
            Table table = new Table("ID", "USER", "ADDRESS", "PEER", "STATE", "UP-OCTETS", "DOWN-OCTETS", "SINCE");
            sessions.forEach(s -> table.row(
                    s.id(),
                    shown(s.user()),
                    shown(s.address()),
                    s.peer(),
                    s.state(),
                    s.traffic().upOctets(),
                    s.traffic().downOctets(),
                    s.since()));
            return table;
        });
    }

    @Command(description = "Show one call and its journal, also of one that is over.", mixinStandardHelpOptions = true)
    void session(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "ID", description = "The call: tunnel-session, as in 17-4.") String id) {
        NodeClient client = node.client();
        String path = "/l2tp/sessions/" + Target.session(spec.commandLine(), id);
        List<EventView> events = client.getList(path + "/events", EventView.class);
        SessionView session = running(client, path);
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("session", session);
        both.put("events", events);
        node.print(out(), both, out -> print(out, id, session, events));
    }

    @Command(
            description = "Show what was forwarded and dropped, by which threads, with which offloads.",
            mixinStandardHelpOptions = true)
    void forwarding(@Mixin NodeOptions node) {
        ForwardingView view = node.client().get("/l2tp/forwarding", ForwardingView.class);
        node.print(out(), view, out -> ForwardingText.print(view, out));
    }

    @Command(
            description = "Show the node: whether it is ready, and if not, why; and its part in the cluster.",
            mixinStandardHelpOptions = true)
    void node(@Mixin NodeOptions node) {
        NodeView view = node.client().get("/l2tp/node", NodeView.class);
        node.print(out(), view, out -> ClusterText.print(view, out));
    }

    @Command(
            description = "Show the nodes of the cluster as this one sees them, and who has which shards.",
            mixinStandardHelpOptions = true)
    void cluster(@Mixin NodeOptions node) {
        ClusterView view = node.client().get("/l2tp/cluster", ClusterView.class);
        node.print(out(), view, out -> ClusterText.print(view, out));
    }

    /** The call, or null when only its journal is left. */
    private static @Nullable SessionView running(NodeClient client, String path) {
        return client.find(path, SessionView.class).orElse(null);
    }

    private static void print(PrintWriter out, String id, @Nullable SessionView session, List<EventView> events) {
        if (session == null) {
            out.println("call " + id + " is over");
        } else {
            facts(session).forEach((name, value) -> out.printf("%-10s %s%n", name, Table.printable(value)));
        }
        out.println();
        Table journal = new Table("AT", "EVENT", "WHAT HAPPENED");
        events.forEach(event -> journal.row(event.at(), event.event(), event.text()));
        journal.print(out);
    }

    private static Map<String, String> facts(SessionView session) {
        TrafficView traffic = session.traffic();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("call", session.id());
        facts.put("state", session.state());
        facts.put("user", shown(session.user()));
        facts.put("address", shown(session.address()));
        if (!session.networks().isEmpty()) {
            facts.put("networks", String.join(" ", session.networks()));
        }
        facts.put("peer", session.peer() + " " + shown(session.peerHost()));
        facts.put("calling", shown(session.callingNumber()));
        facts.put("called", shown(session.calledNumber()));
        facts.put("since", session.since());
        facts.put("limits", LimitCommand.limits(session.limits()).toString());
        facts.put("up", traffic.upPackets() + " packets, " + traffic.upOctets() + " octets");
        facts.put("down", traffic.downPackets() + " packets, " + traffic.downOctets() + " octets");
        facts.put("dropped", Long.toString(traffic.drops()));
        return facts;
    }

    /** Makes a table of entries. */
    private interface Layout<T> {
        Table of(List<T> entries);
    }

    private <T> void list(NodeOptions node, String path, Map<String, String> filter, Class<T> type, Layout<T> layout) {
        List<T> entries = new ArrayList<>();
        Consumer<T> collect = entries::add;
        node.client().each(path, filter, type, collect);
        node.print(out(), new Page<>(entries, null), out -> layout.of(entries).print(out));
    }

    private static String shown(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
