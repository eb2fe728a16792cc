package io.warren.management;

import io.warren.config.RateLimits;
import io.warren.control.port.SessionKey;
import io.warren.management.api.ClusterView;
import io.warren.management.api.DropView;
import io.warren.management.api.EventView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.JournalView;
import io.warren.management.api.LimitsView;
import io.warren.management.api.MemberView;
import io.warren.management.api.NodeView;
import io.warren.management.api.OffloadsView;
import io.warren.management.api.Page;
import io.warren.management.api.PartView;
import io.warren.management.api.PortView;
import io.warren.management.api.RelayView;
import io.warren.management.api.SessionView;
import io.warren.management.api.TrafficView;
import io.warren.management.api.TunnelView;
import io.warren.management.api.WorkerView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node of three tunnels and, in tunnel 2, five calls. Remembers what it was asked to hang up and to limit. */
final class FakeNode implements NodeQueries {
    static final TrafficView TRAFFIC = new TrafficView(1, 100, 2, 200, 3);

    final List<String> hungUp = new CopyOnWriteArrayList<>();
    final List<String> limited = new CopyOnWriteArrayList<>();
    volatile @Nullable RuntimeException failure;
    volatile @Nullable ClusterView cluster;
    volatile @Nullable MemberView member;
    volatile List<PartView> parts = List.of(new PartView("udp", true, "0.0.0.0:1701"));

    private final List<TunnelView> tunnels =
            IntStream.of(2, 10, 300).mapToObj(FakeNode::tunnelView).toList();
    private final List<SessionView> sessions =
            IntStream.rangeClosed(1, 5).mapToObj(FakeNode::sessionView).toList();

    private static TunnelView tunnelView(int id) {
        return new TunnelView(
                id,
                id + 1,
                "192.0.2." + id % 256 + ":1701",
                "lac" + id,
                null,
                "192.0.2.254:1701",
                "established",
                "t",
                0);
    }

    private static SessionView sessionView(int id) {
        String user = id % 2 == 0 ? "bob" : "alice";
        return new SessionView(
                "2-" + id,
                2,
                id,
                7,
                "up",
                user,
                "10.0.0." + id,
                "192.0.2.2:1701",
                "lac2",
                null,
                null,
                "t",
                1400,
                id == 2 ? new LimitsView(20_000_000, 0, 0, 0, 0) : null,
                TRAFFIC,
                id == 2 ? List.of("10.9.0.0/24", "2001:db8:9::/48") : List.of());
    }

    private <T> CompletionStage<T> answer(T value) {
        RuntimeException failing = failure;
        return failing == null ? CompletableFuture.completedFuture(value) : CompletableFuture.failedFuture(failing);
    }

    @Override
    public CompletionStage<Page<TunnelView>> tunnels(Selection selection) {
        return answer(selection.tunnelPage(tunnels.stream().filter(t -> t.id() > selection.afterTunnel())));
    }

    @Override
    public CompletionStage<Optional<TunnelView>> tunnel(int tunnelId) {
        return answer(tunnels.stream().filter(t -> t.id() == tunnelId).findFirst());
    }

    @Override
    public CompletionStage<Page<SessionView>> sessions(Selection selection) {
        int after = selection.afterSession().sessionId();
        return answer(selection.sessionPage(sessions.stream().filter(s -> s.sessionId() > after)));
    }

    @Override
    public CompletionStage<Optional<SessionView>> session(SessionKey key) {
        return answer(
                sessions.stream().filter(s -> s.id().equals(key.toString())).findFirst());
    }

    @Override
    public CompletionStage<List<EventView>> events(SessionKey key) {
        List<EventView> events = new ArrayList<>();
        if (key.tunnelId() == 2) {
            events.add(new EventView("t", "connected", "the call is connected"));
        }
        return answer(events);
    }

    @Override
    public CompletionStage<Boolean> hangUpTunnel(int tunnelId, int result) {
        hungUp.add(tunnelId + " with " + result);
        return answer(tunnelId == 2);
    }

    @Override
    public CompletionStage<Boolean> hangUpSession(SessionKey key, int result) {
        hungUp.add(key + " with " + result);
        return answer(key.tunnelId() == 2);
    }

    @Override
    public CompletionStage<Boolean> limitSession(SessionKey key, RateLimits limits) {
        limited.add(key + " to " + limits);
        return answer(key.tunnelId() == 2);
    }

    @Override
    public ForwardingView forwarding() {
        return new ForwardingView(
                "warren0",
                false,
                5,
                TRAFFIC,
                new OffloadsView(true, false, true, false, 2),
                List.of(new PortView("0.0.0.0:1701", 425_984, 8_388_608, 8_388_608, 8_388_608, false, 7)),
                List.of(new WorkerView("up-0", 10, 2.5, 0.25, 1_000, 6, 4, 16, 900, List.of(1L, 3L, 0L, 2L))),
                List.of(new RelayView("192.0.2.2:1702", true, Map.of("up", 11L), Map.of("down", 12L))),
                List.of(new DropView("wrong source", 4, "it is not his"), new DropView("policed-up", 0, "too fast")),
                6);
    }

    @Override
    public NodeView node() {
        return new NodeView(
                "warren",
                "0",
                "t",
                List.of("0.0.0.0:1701"),
                true,
                parts,
                3,
                5,
                new JournalView(true, 9, 0),
                Map.of("too many tunnels", 6L),
                Map.of("dropped: late", 2L),
                member);
    }

    @Override
    public Optional<ClusterView> cluster() {
        return Optional.ofNullable(cluster);
    }

    @Override
    public Optional<MemberView> drain(boolean on) {
        MemberView before = member;
        if (before != null) {
            member = new MemberView(before.name(), before.status(), on, before.shards());
        }
        return Optional.ofNullable(member);
    }

    @Override
    public CompletionStage<List<PartView>> readiness() {
        return answer(parts);
    }
}
