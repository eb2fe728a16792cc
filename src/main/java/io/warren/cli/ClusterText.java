package io.warren.cli;

import io.warren.management.api.ClusterNodeView;
import io.warren.management.api.ClusterView;
import io.warren.management.api.MemberView;
import io.warren.management.api.NodeView;
import io.warren.management.api.PartView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A node and its cluster in words. */
final class ClusterText {
    private ClusterText() {}

    static void print(NodeView node, PrintWriter out) {
        out.println(node.name() + ", Warren " + node.version() + ", since " + node.since());
        MemberView member = node.member();
        if (member != null) {
            out.println("member " + member.name() + " is " + member.status() + ", has " + member.shards() + " shards"
                    + (member.draining() ? " and gives them away" : ""));
        }
        out.println(node.tunnels() + " tunnels, " + node.sessions() + " calls");
        out.println(node.ready() ? "ready" : "not ready");
        Table parts = new Table("PART", "READY", "DETAIL");
        for (PartView part : node.parts()) {
            parts.row(part.name(), part.ready() ? "yes" : "no", part.detail());
        }
        parts.print(out);
    }

    static void print(ClusterView cluster, PrintWriter out) {
        Table nodes = new Table("NODE", "RELAY", "STATE", "SHARDS", "STANDBY", "SESSIONS");
        for (ClusterNodeView node : cluster.nodes()) {
            String relay = node.relay();
            Integer sessions = node.sessions();
            nodes.row(
                    node.name() + (node.self() ? " *" : ""),
                    relay == null ? "-" : relay,
                    state(node),
                    node.owns().size(),
                    node.standsByFor().size(),
                    sessions == null ? "-" : sessions.toString());
        }
        nodes.print(out);
        if (!cluster.unowned().isEmpty()) {
            out.println(cluster.unowned().size() + " of " + cluster.shards() + " shards have no owner: "
                    + ranges(cluster.unowned()));
        }
    }

    private static String state(ClusterNodeView node) {
        List<String> words = new ArrayList<>(List.of(node.status()));
        if (!node.reachable()) {
            words.add("unreachable");
        }
        if (node.silent()) {
            words.add("silent");
        }
        if (node.draining()) {
            words.add("draining");
        }
        return String.join(", ", words);
    }

    /** {@code 1-3, 7}, of ascending numbers. */
    static String ranges(List<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        int first = 0;
        for (int index = 0; index < numbers.size(); index++) {
            if (index + 1 == numbers.size() || numbers.get(index + 1) != numbers.get(index) + 1) {
                ranges.add(first == index ? "" + numbers.get(index) : numbers.get(first) + "-" + numbers.get(index));
                first = index + 1;
            }
        }
        return String.join(", ", ranges);
    }
}
