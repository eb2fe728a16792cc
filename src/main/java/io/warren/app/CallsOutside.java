package io.warren.app;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberCalls;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionAnswer;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionView;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** The calls of the cluster, for those who change them from outside: asked for through their shard's region. */
final class CallsOutside implements SubscriberCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** CDN result 3: administrative reasons. */
    private static final int ADMINISTRATIVE = 3;

    private final ActorSystem<?> system;
    private final ControlPlane control;

    CallsOutside(ActorSystem<?> system, ControlPlane control) {
        this.system = system;
        this.control = control;
    }

    @Override
    public CompletionStage<Optional<Found>> find(SessionKey key) {
        return ClusterSharding.get(system)
                .entityRefFor(SessionEntity.KEY, key.toString())
                .<SessionAnswer>ask(replyTo -> new SessionCommand.Ask(null, replyTo), PATIENCE)
                .thenApply(answer -> found(answer.view(), answer.up()));
    }

    @Override
    public List<Found> here(Predicate<Found> wanted) {
        return control.sessions().all().stream()
                .map(entry -> entry.getValue().state())
                .flatMap(state -> found(SessionView.of(state), SessionDecider.forwardingEntry(state) != null).stream())
                .filter(wanted)
                .toList();
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
        if (change.sessionTimeout() != null || change.idleTimeout() != null) {
            control.router()
                    .tell(key, new SessionInput.Timeouts(change.sessionTimeout(), change.idleTimeout(), change.by()));
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
        Integer address = view.address();
        return Optional.of(new Found(
                view.key(),
                CallDetails.accountingId(view.key(), connectedAt),
                view.user(),
                address == null ? 0 : address,
                view.callingNumber(),
                up,
                view.limits()));
    }
}
