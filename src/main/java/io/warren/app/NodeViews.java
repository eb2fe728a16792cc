package io.warren.app;

import io.warren.cli.Version;
import io.warren.config.Ipv4;
import io.warren.config.RateLimits;
import io.warren.config.Settings;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionInput;
import io.warren.control.tunnel.TunnelAnswer;
import io.warren.control.tunnel.TunnelInput;
import io.warren.dataplane.DataPlane;
import io.warren.journal.EventCodec;
import io.warren.journal.RecordedEvent;
import io.warren.management.NodeQueries;
import io.warren.management.Selection;
import io.warren.management.api.ClusterView;
import io.warren.management.api.EventView;
import io.warren.management.api.ForwardingView;
import io.warren.management.api.JournalView;
import io.warren.management.api.LimitsView;
import io.warren.management.api.MemberView;
import io.warren.management.api.NodeView;
import io.warren.management.api.Page;
import io.warren.management.api.PartView;
import io.warren.management.api.SessionView;
import io.warren.management.api.TunnelView;
import io.warren.radius.RadiusFigures;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers the management routes from the directories, the forwarding table and the journal. */
final class NodeViews implements NodeQueries {
    private static final Comparator<SessionKey> IN_ORDER =
            Comparator.comparingInt(SessionKey::tunnelId).thenComparingInt(SessionKey::sessionId);

    private final Settings settings;
    private final ControlPlane control;
    private final DataPlane plane;
    private final JournalKeeper keeper;
    private final RadiusFigures radius;
    private final String restored;
    private final @Nullable MemberState member;
    private final Elsewhere elsewhere;
    private final Instant since = Instant.now();

    /** Of a node by itself. */
    NodeViews(
            Settings settings,
            ControlPlane control,
            DataPlane plane,
            JournalKeeper keeper,
            RadiusFigures radius,
            LiveCalls calls) {
        this(
                settings,
                control,
                plane,
                keeper,
                radius,
                calls.calls().size() + " calls restored at the start",
                null,
                Elsewhere.NOWHERE);
    }

    /**
     * @param restored how forwarding came back, in words
     * @param member null for a node by itself
     * @param elsewhere for tunnels and calls of other nodes
     */
    NodeViews(
            Settings settings,
            ControlPlane control,
            DataPlane plane,
            JournalKeeper keeper,
            RadiusFigures radius,
            String restored,
            @Nullable MemberState member,
            Elsewhere elsewhere) {
        this.settings = settings;
        this.control = control;
        this.plane = plane;
        this.keeper = keeper;
        this.radius = radius;
        this.restored = restored;
        this.member = member;
        this.elsewhere = elsewhere;
    }

    @Override
    public CompletionStage<Page<TunnelView>> tunnels(Selection selection) {
        return CompletableFuture.completedFuture(selection.tunnelPage(control.tunnels().all().stream()
                .filter(entry -> entry.getKey() > selection.afterTunnel())
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> view(TunnelAnswer.of(entry.getValue().state())))));
    }

    @Override
    public CompletionStage<Optional<TunnelView>> tunnel(int tunnelId) {
        TunnelDirectory.Seat seat = control.tunnels().find(tunnelId);
        return seat != null
                ? CompletableFuture.completedFuture(Optional.of(view(TunnelAnswer.of(seat.state()))))
                : elsewhere.ask(tunnelId, null).thenApply(answer -> answer.map(NodeViews::view));
    }

    @Override
    public CompletionStage<Page<SessionView>> sessions(Selection selection) {
        SessionKey after = selection.afterSession();
        return CompletableFuture.completedFuture(selection.sessionPage(control.sessions().all().stream()
                .filter(entry -> IN_ORDER.compare(entry.getKey(), after) > 0)
                .sorted(Map.Entry.comparingByKey(IN_ORDER))
                .map(entry -> view(entry.getKey(), entry.getValue()))));
    }

    @Override
    public CompletionStage<Optional<SessionView>> session(SessionKey key) {
        SessionDirectory.Seat seat = control.sessions().find(key);
        return seat != null
                ? CompletableFuture.completedFuture(Optional.of(view(key, seat)))
                : elsewhere.ask(key, null).thenApply(answer -> answer.map(a -> view(a.view(), a.counters())));
    }

    @Override
    public CompletionStage<List<EventView>> events(SessionKey key) {
        return keeper.history()
                .of("session|" + key)
                .thenApply(events -> events.stream().map(NodeViews::view).toList());
    }

    @Override
    public CompletionStage<Boolean> hangUpTunnel(int tunnelId, int result) {
        TunnelInput close = new TunnelInput.Close(new ResultCode(result, null, "hung up"), "operator");
        if (control.tunnels().find(tunnelId) == null) {
            return elsewhere.ask(tunnelId, close).thenApply(Optional::isPresent);
        }
        control.router().tell(tunnelId, close);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Boolean> hangUpSession(SessionKey key, int result) {
        SessionInput close = new SessionInput.Close(new ResultCode(result, null, "hung up"), "operator", "hung up");
        if (control.sessions().find(key) == null) {
            return elsewhere.ask(key, close).thenApply(Optional::isPresent);
        }
        control.router().tell(key, close);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Boolean> limitSession(SessionKey key, RateLimits limits) {
        SessionInput limit = new SessionInput.Limit(TrafficLimits.of(limits), "operator");
        SessionDirectory.Seat seat = control.sessions().find(key);
        if (seat == null) {
            return elsewhere
                    .ask(key, limit)
                    .thenApply(answer -> answer.isPresent() && answer.get().up());
        }
        boolean up = SessionDecider.forwardingEntry(seat.state()) != null;
        if (up) {
            control.router().tell(key, limit);
        }
        return CompletableFuture.completedFuture(up);
    }

    @Override
    public Optional<ClusterView> cluster() {
        return Optional.ofNullable(member).map(MemberState::view);
    }

    @Override
    public Optional<MemberView> drain(boolean on) {
        return Optional.ofNullable(member).map(found -> {
            found.drain(on);
            return found.member();
        });
    }

    @Override
    public ForwardingView forwarding() {
        return ForwardingViews.of(plane, settings.tun().name());
    }

    @Override
    public NodeView node() {
        List<PartView> parts =
                parts(keeper.latest().answering(), keeper.latest().reason());
        return new NodeView(
                settings.hostname(),
                Version.text(),
                since.toString(),
                plane.listening().stream().map(Object::toString).toList(),
                parts.stream().allMatch(PartView::ready),
                parts,
                control.tunnels().count(),
                control.sessions().count(),
                new JournalView(keeper.latest().answering(), control.events(), control.journalFailures()),
                control.tally().snapshot(),
                radius.snapshot(),
                member == null ? null : member.member());
    }

    @Override
    public CompletionStage<List<PartView>> readiness() {
        return keeper.check().thenApply(health -> parts(health.answering(), health.reason()));
    }

    private List<PartView> parts(boolean journalAnswers, String journalReason) {
        String name = settings.tun().name();
        List<PartView> parts = new ArrayList<>(List.of(
                new PartView("udp", plane.udpBound(), plane.listening().toString()),
                new PartView("journal", journalAnswers, journalAnswers ? "answers" : journalReason),
                new PartView("tun", plane.tunUp(), name == null ? "null plane" : name),
                new PartView("forwarding", true, restored)));
        if (member != null) {
            parts.addAll(member.readiness());
        }
        return parts;
    }

    private static TunnelView view(TunnelAnswer tunnel) {
        PeerPath path = tunnel.path();
        return new TunnelView(
                tunnel.tunnelId(),
                tunnel.peerTunnelId(),
                path == null ? "" : path.remote().toString(),
                tunnel.peerHostName().isEmpty() ? null : tunnel.peerHostName(),
                tunnel.peerVendorName(),
                path == null ? "" : path.local().toString(),
                tunnel.state(),
                text(tunnel.since()),
                tunnel.calls());
    }

    private SessionView view(SessionKey key, SessionDirectory.Seat seat) {
        return view(
                io.warren.control.session.SessionView.of(seat.state()),
                plane.sessions().counters(key));
    }

    private static SessionView view(io.warren.control.session.SessionView call, SessionCounters counters) {
        SessionKey key = call.key();
        PeerPath path = call.path();
        Integer address = call.address();
        return new SessionView(
                key.toString(),
                key.tunnelId(),
                key.sessionId(),
                call.peerSessionId(),
                call.state().equals("established") ? "established, PPP " + call.pppPhase() : call.state(),
                call.user().isEmpty() ? null : call.user(),
                address == null ? null : new Ipv4(address).toString(),
                path == null ? "" : path.remote().toString(),
                call.peerHostName().isEmpty() ? null : call.peerHostName(),
                call.callingNumber(),
                call.calledNumber(),
                text(call.offeredAt()),
                call.peerMru(),
                view(call.limits()),
                ForwardingViews.traffic(counters),
                call.networks());
    }

    private static EventView view(RecordedEvent event) {
        return new EventView(event.writtenAt().toString(), EventCodec.name(event.event()), event.text());
    }

    private static @Nullable LimitsView view(TrafficLimits limits) {
        if (limits.equals(TrafficLimits.NONE)) {
            return null;
        }
        RateLimits rates = limits.inBits();
        return new LimitsView(rates.down(), rates.up(), rates.downBurst(), rates.upBurst(), rates.packets());
    }

    private static String text(@Nullable Instant instant) {
        return instant == null ? "" : instant.toString();
    }
}
