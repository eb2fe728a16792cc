package io.warren.app;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.warren.config.FilterRules;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberCalls;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionAnswer;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionState;
import io.warren.control.session.SessionView;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The calls of the cluster, for those who change them from outside: asked for through their shard's region, or by what is
 * known of them, from all nodes.
 */
final class CallsOutside implements SubscriberCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** CDN result 3: administrative reasons. */
    private static final int ADMINISTRATIVE = 3;

    private final ActorSystem<?> system;
    private final ControlPlane control;
    private final Others elsewhere;

    /** Finds calls of other nodes. */
    @FunctionalInterface
    interface Others {
        CompletionStage<List<Found>> find(Wanted wanted);
    }

    CallsOutside(ActorSystem<?> system, ControlPlane control, Others elsewhere) {
        this.system = system;
        this.control = control;
        this.elsewhere = elsewhere;
    }

    /** Those of a node by itself. */
    static CallsOutside alone(ActorSystem<?> system, ControlPlane control) {
        return new CallsOutside(system, control, _ -> CompletableFuture.completedFuture(List.of()));
    }

    @Override
    public boolean hasFilter(String filterId) {
        return FilterRules.isMeant(filterId, control.filters());
    }

    @Override
    public CompletionStage<Optional<Found>> find(SessionKey key) {
        return ClusterSharding.get(system)
                .entityRefFor(SessionEntity.KEY, key.toString())
                .<SessionAnswer>ask(replyTo -> new SessionCommand.Ask(null, replyTo), PATIENCE)
                .thenApply(answer -> found(answer.view(), answer.up()));
    }

    @Override
    public CompletionStage<List<Found>> find(Wanted wanted) {
        return elsewhere.find(wanted).thenApply(found -> {
            // A call that moves may be seen at both ends of its way.
            Map<SessionKey, Found> calls = new LinkedHashMap<>();
            found.forEach(call -> calls.put(call.key(), call));
            here(control.sessions(), wanted).forEach(call -> calls.put(call.key(), call));
            return List.copyOf(calls.values());
        });
    }

    /** Those of this node. */
    static List<Found> here(SessionDirectory sessions, Wanted wanted) {
        List<Found> found = new ArrayList<>();
        for (Map.Entry<SessionKey, SessionDirectory.Seat> entry : sessions.all()) {
            SessionState state = entry.getValue().state();
            SessionView view = SessionView.of(state);
            if (wanted.fits(view.user(), address(view))) {
                found(view, SessionDecider.forwardingEntry(state) != null).ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public void change(SessionKey key, Change change) {
        TrafficLimits limits = change.limits();
        if (limits != null) {
            control.router().tell(key, new SessionInput.Limit(limits, change.by()));
        }
        List<String> filters = change.filters();
        if (filters != null) {
            control.router().tell(key, new SessionInput.Filters(filters, change.by()));
        }
        if (change.sessionTimeout() != null || change.idleTimeout() != null || change.until() != null) {
            control.router()
                    .tell(
                            key,
                            new SessionInput.Timeouts(
                                    change.sessionTimeout(), change.idleTimeout(), change.by(), change.until()));
        }
    }

    @Override
    public void end(SessionKey key, String by, String reason) {
        control.router().tell(key, new SessionInput.Close(new ResultCode(ADMINISTRATIVE, null, reason), by, reason));
    }

    private static Optional<Found> found(SessionView view, boolean up) {
        Instant connectedAt = view.connectedAt();
        if (!view.state().equals("established") || connectedAt == null) {
            return Optional.empty();
        }
        return Optional.of(new Found(
                view.key(),
                CallDetails.accountingId(view.key(), connectedAt),
                view.user(),
                address(view),
                view.callingNumber(),
                up,
                view.limits()));
    }

    private static int address(SessionView view) {
        Integer address = view.address();
        return address == null ? 0 : address;
    }
}
