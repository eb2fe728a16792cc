package io.warren.control.cluster;

import akka.cluster.MemberStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other nodes: whether they are members, and the latest report of each. The last report of a node that is gone is
 * kept for as long as it claims what nobody else does. For one thread.
 */
final class KnownNodes {
    /** Reports come each second: a node that has said nothing for so long is not trusted to stand by. */
    static final long SILENT = Duration.ofSeconds(3).toNanos();

    /** What a report tells. */
    enum News {
        /** It does not count. */
        NONE,
        /** That the node is alive. */
        SIGN_OF_LIFE,
        /** Other addresses, and nothing else. */
        ADDRESSES,
        /** Anything else. */
        MORE
    }

    private record Heard(NodeReport report, long at) {}

    private final String self;
    private final Map<String, MemberStatus> members = new HashMap<>();
    private final Map<String, Heard> heard = new HashMap<>();
    private final List<NodeReport> gone = new ArrayList<>();

    KnownNodes(String self) {
        this.self = self;
    }

    /** @param status null when it is no member any more */
    void member(String node, @Nullable MemberStatus status) {
        if (status != null) {
            members.put(node, status);
            return;
        }
        members.remove(node);
        Heard last = heard.remove(node);
        if (last != null) {
            gone.add(last.report());
        }
    }

    /**
     * Takes a report in; it does not count when it is older than another, or is of no member, or is the first of a node
     * and does not say what addresses that has: it will come again. Who knows a node knows where packets to its calls go.
     */
    News hear(NodeReport report, long now) {
        if (!members.containsKey(report.node())) {
            return News.NONE;
        }
        Heard before = heard.get(report.node());
        if (before == null) {
            boolean counts = report.addresses() != null
                    && gone.stream()
                            .noneMatch(last ->
                                    last.node().equals(report.node()) && last.incarnation() >= report.incarnation());
            if (counts) {
                put(report, AddressReport.NONE, now);
            }
            return counts ? News.MORE : News.NONE;
        }
        if (!report.isAfter(before.report())) {
            return News.NONE;
        }
        boolean restarted = report.incarnation() != before.report().incarnation();
        if (restarted) {
            gone.add(before.report());
        }
        AddressReport known = before.report().addresses();
        NodeReport whole = put(report, restarted || known == null ? AddressReport.NONE : known, now);
        if (!whole.saysTheSame(before.report())) {
            return News.MORE;
        }
        return Objects.equals(whole.addresses(), known) ? News.SIGN_OF_LIFE : News.ADDRESSES;
    }

    private NodeReport put(NodeReport report, AddressReport known, long now) {
        NodeReport whole = report.addresses() == null ? report.with(known) : report;
        heard.put(report.node(), new Heard(whole, now));
        return whole;
    }

    Collection<NodeReport> reports() {
        return heard.values().stream().map(Heard::report).toList();
    }

    Collection<NodeReport> gone() {
        return List.copyOf(gone);
    }

    /** Forgets those of the dead whose claims do not count any more. */
    void bury(ShardHolders holders) {
        gone.removeIf(report -> report.shards().entrySet().stream().noneMatch(claim -> {
            ShardHolders.Holder holder = holders.of(claim.getKey());
            return holder.owner() == null && holder.epoch() == claim.getValue().epoch();
        }));
    }

    /** Whom to tell: every other member. */
    Set<String> others() {
        Set<String> others = new HashSet<>(members.keySet());
        others.remove(self);
        return others;
    }

    boolean isMember(String node) {
        return members.containsKey(node);
    }

    /** Members that are up, heard of, and do not drain; and ourselves under the same condition. */
    Set<String> staying(boolean selfDrains, long now) {
        Set<String> staying = new HashSet<>();
        members.forEach((node, status) -> {
            if (status.equals(MemberStatus.up())) {
                Heard last = heard.get(node);
                boolean stays = node.equals(self)
                        ? !selfDrains
                        : last != null
                                && now - last.at() < SILENT
                                && !last.report().draining();
                if (stays) {
                    staying.add(node);
                }
            }
        });
        return staying;
    }

    /** Other nodes that drain. */
    Set<String> draining() {
        Set<String> draining = new HashSet<>();
        heard.forEach((node, last) -> {
            if (last.report().draining()) {
                draining.add(node);
            }
        });
        return draining;
    }
}
