package io.warren.control.ingress;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the entities of all live tunnels and calls after a restart, tunnels first, at a bounded pace: forwarding is
 * back already, and a flood of starting actors would only delay those that have something to do. An entity that gets
 * a message before its turn starts at once.
 */
public final class CallRecovery {
    private static final Logger LOG = LoggerFactory.getLogger("warren.recovery");
    private static final Duration BEAT = Duration.ofMillis(20);

    /** Time to start a few more. */
    public enum Beat {
        BEAT
    }

    private final EntityRouter router;
    private final SessionDirectory sessions;
    private final Queue<Integer> tunnelIds;
    private final Queue<SessionKey> keys;
    private final int perBeat;
    private final int total;
    private final int inFlight;
    private final ArrayDeque<SessionKey> starting = new ArrayDeque<>();
    private final long begun;
    private final LongSupplier nanos;
    private final Runnable recovered;

    private CallRecovery(
            EntityRouter router,
            SessionDirectory sessions,
            Collection<Integer> tunnelIds,
            Collection<SessionKey> keys,
            int perSecond,
            LongSupplier nanos,
            Runnable recovered) {
        this.recovered = recovered;
        this.router = router;
        this.sessions = sessions;
        this.tunnelIds = new ArrayDeque<>(tunnelIds);
        this.keys = new ArrayDeque<>(keys);
        this.total = tunnelIds.size() + keys.size();
        this.perBeat = Math.max(1, (int) (perSecond * BEAT.toMillis() / 1000));
        this.inFlight = Math.max(50, perSecond / 4);
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /**
     * @param perSecond entities to start each second, at most
     * @param recovered run when all are awake
     */
    public static Behavior<Beat> create(
            EntityRouter router,
            SessionDirectory sessions,
            Collection<Integer> tunnelIds,
            Collection<SessionKey> keys,
            int perSecond,
            LongSupplier nanos,
            Runnable recovered) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Beat.BEAT, BEAT);
            CallRecovery recovery = new CallRecovery(router, sessions, tunnelIds, keys, perSecond, nanos, recovered);
            return Behaviors.receiveMessage(_ -> recovery.beat(timers));
        });
    }

    private Behavior<Beat> beat(TimerScheduler<Beat> timers) {
        while (!starting.isEmpty() && runs(starting.peek())) {
            starting.remove();
        }
        for (int started = 0; started < perBeat && starting.size() < inFlight; started++) {
            Integer tunnelId = tunnelIds.poll();
            if (tunnelId != null) {
                router.wake(tunnelId);
                continue;
            }
            SessionKey key = keys.poll();
            if (key == null) {
                break;
            }
            if (!runs(key)) {
                router.wake(key);
                starting.add(key);
            }
        }
        if (tunnelIds.isEmpty() && keys.isEmpty() && starting.isEmpty()) {
            timers.cancelAll();
            LOG.info("{} tunnels and calls run again after {} ms", total, (nanos.getAsLong() - begun) / 1_000_000);
            recovered.run();
            return Behaviors.stopped();
        }
        return Behaviors.same();
    }

    /** Whether the call's actor runs, or the call is gone in the meantime. */
    private boolean runs(SessionKey key) {
        SessionDirectory.Seat seat = sessions.find(key);
        return seat == null || seat.actor() != null;
    }
}
