package io.warren.control.ingress;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionInput;
import io.warren.control.tunnel.TunnelState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the entities of live tunnels and calls after a restart, or after their shards came to this node: tunnels first,
 * then calls that carry traffic, then the rest, at a bounded pace. Forwarding is back already, and a flood of starting
 * actors would only delay those that have something to do. An entity that gets a message before its turn starts at
 * once. One for each node, whatever shards come.
 */
public final class CallRecovery {
    private static final Logger LOG = LoggerFactory.getLogger("warren.recovery");
    private static final Duration BEAT = Duration.ofMillis(20);

    /** After so long without a sign an entity is woken again: its shard may have been on its way. */
    private static final long PATIENCE = Duration.ofSeconds(1).toNanos();

    /**
     * Shards of a node that has died arrive one after the other. While they do, only tunnels are started: peers wait for
     * their answers, and for calls nobody has to wait.
     */
    private static final long TUNNELS_ALONE = Duration.ofMillis(700).toNanos();

    /** But calls are not put off for longer than this. */
    private static final long LONGEST_ALONE = Duration.ofSeconds(4).toNanos();

    /** How many waiting calls are looked at in one beat for traffic. */
    private static final int LOOKED_AT = 500;

    /** What it is told. */
    public sealed interface Command {
        /** Time to start a few more. */
        enum Beat implements Command {
            BEAT
        }

        /**
         * These are to be started.
         *
         * @param orphans calls whose tunnel did not know them: they are told so, unless the tunnel knows them by now
         * @param recovered run when all that waits is awake
         */
        record Arrived(
                Collection<Integer> tunnelIds,
                Collection<SessionKey> calls,
                Collection<SessionKey> orphans,
                Runnable recovered)
                implements Command {}
    }

    /** Whom it reaches and where it looks. */
    public record World(
            EntityRouter router,
            TunnelDirectory tunnels,
            SessionDirectory sessions,
            Predicate<SessionKey> carriesTraffic) {}

    private sealed interface Sleeper {
        record Tunnel(int tunnelId) implements Sleeper {}

        record Call(SessionKey key) implements Sleeper {}
    }

    private record Waking(Sleeper sleeper, long since) {}

    private final World world;
    private final TimerScheduler<Command> timers;
    private final int perBeat;
    private final int inFlight;
    private final LongSupplier nanos;
    private final Queue<Integer> tunnelIds = new ArrayDeque<>();
    private final Queue<SessionKey> busy = new ArrayDeque<>();
    private final Queue<SessionKey> quiet = new ArrayDeque<>();
    private final Queue<SessionKey> orphans = new ArrayDeque<>();
    private final ArrayDeque<Waking> waking = new ArrayDeque<>();
    private final List<Runnable> recovered = new ArrayList<>();
    private int total;
    private long begun;
    private long callsFrom;

    private CallRecovery(World world, TimerScheduler<Command> timers, int perSecond, LongSupplier nanos) {
        this.world = world;
        this.timers = timers;
        this.perBeat = Math.max(1, (int) (perSecond * BEAT.toMillis() / 1000));
        this.inFlight = Math.max(50, perSecond / 4);
        this.nanos = nanos;
    }

    /**
     * @param perSecond entities to start each second, at most
     * @param nanos a monotonic clock
     */
    public static Behavior<Command> create(World world, int perSecond, LongSupplier nanos) {
        return Behaviors.withTimers(timers -> {
            CallRecovery recovery = new CallRecovery(world, timers, perSecond, nanos);
            return Behaviors.receiveMessage(command -> {
                switch (command) {
                    case Command.Beat _ -> recovery.beat();
                    case Command.Arrived arrived -> recovery.arrived(arrived);
                }
                return Behaviors.same();
            });
        });
    }

    private void arrived(Command.Arrived arrived) {
        if (!timers.isTimerActive(Command.Beat.BEAT)) {
            begun = nanos.getAsLong();
            timers.startTimerWithFixedDelay(Command.Beat.BEAT, BEAT);
        }
        callsFrom = Math.min(nanos.getAsLong() + TUNNELS_ALONE, begun + LONGEST_ALONE);
        tunnelIds.addAll(arrived.tunnelIds());
        quiet.addAll(arrived.calls());
        orphans.addAll(arrived.orphans());
        recovered.add(arrived.recovered());
        total += arrived.tunnelIds().size() + arrived.calls().size();
    }

    private void beat() {
        long now = nanos.getAsLong();
        lookAfterThoseWaking(now);
        findTraffic();
        for (int started = 0; started < perBeat && waking.size() < inFlight; started++) {
            Sleeper next = next(now);
            if (next == null) {
                break;
            }
            if (sleeps(next)) {
                wake(next);
                waking.add(new Waking(next, now));
            }
        }
        if (tunnelIds.isEmpty() && busy.isEmpty() && quiet.isEmpty() && waking.isEmpty()) {
            orphans.forEach(this::tell);
            orphans.clear();
            done();
        }
    }

    private void done() {
        timers.cancel(Command.Beat.BEAT);
        LOG.info("{} tunnels and calls run again after {} ms", total, (nanos.getAsLong() - begun) / 1_000_000);
        total = 0;
        List<Runnable> told = List.copyOf(recovered);
        recovered.clear();
        told.forEach(Runnable::run);
    }

    private void lookAfterThoseWaking(long now) {
        waking.removeIf(one -> !sleeps(one.sleeper()));
        for (Waking first = waking.peek(); first != null && now - first.since() > PATIENCE; first = waking.peek()) {
            waking.remove();
            wake(first.sleeper());
            waking.add(new Waking(first.sleeper(), now));
        }
    }

    /** Traffic may begin while a call waits for its turn. */
    private void findTraffic() {
        for (int looked = Math.min(LOOKED_AT, quiet.size()); looked > 0; looked--) {
            SessionKey key = quiet.remove();
            (world.carriesTraffic().test(key) ? busy : quiet).add(key);
        }
    }

    private @Nullable Sleeper next(long now) {
        Integer tunnelId = tunnelIds.poll();
        if (tunnelId != null) {
            return new Sleeper.Tunnel(tunnelId);
        }
        if (now < callsFrom) {
            return null;
        }
        SessionKey key = busy.poll();
        if (key == null) {
            key = quiet.poll();
        }
        return key == null ? null : new Sleeper.Call(key);
    }

    /** Whether it lives here, as far as is known, and its actor does not run yet. */
    private boolean sleeps(Sleeper sleeper) {
        return switch (sleeper) {
            case Sleeper.Tunnel(int tunnelId) -> {
                TunnelDirectory.Seat seat = world.tunnels().find(tunnelId);
                yield seat != null && seat.actor() == null;
            }
            case Sleeper.Call(SessionKey key) -> {
                SessionDirectory.Seat seat = world.sessions().find(key);
                yield seat != null && seat.actor() == null;
            }
        };
    }

    private void wake(Sleeper sleeper) {
        switch (sleeper) {
            case Sleeper.Tunnel(int tunnelId) -> world.router().wake(tunnelId);
            case Sleeper.Call(SessionKey key) -> world.router().wake(key);
        }
    }

    /** A call that its tunnel did not know when the journal was read. */
    private void tell(SessionKey orphan) {
        TunnelDirectory.Seat seat = world.tunnels().find(orphan.tunnelId());
        TunnelState tunnel = seat == null ? null : seat.state();
        if (tunnel == null || tunnel.call(orphan.sessionId()) == null) {
            world.router().tell(orphan, new SessionInput.TunnelDown("the tunnel ended while the node was down"));
        }
    }
}
