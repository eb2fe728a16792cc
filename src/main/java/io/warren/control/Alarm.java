package io.warren.control;

import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;

/**
 * The one timer of an entity, made cheap: a deadline that moves later costs nothing, the alarm just rings early once
 * and is set again.
 */
public final class Alarm<C> {
    private final TimerScheduler<C> timers;
    private final C message;
    private long armed = Long.MAX_VALUE;

    public Alarm(TimerScheduler<C> timers, C message) {
        this.timers = timers;
        this.message = message;
    }

    /** Makes sure that {@code message} comes no later than {@code deadline}; both in monotonic nanoseconds. */
    public void set(long deadline, long now) {
        if (deadline >= armed) {
            return;
        }
        armed = deadline;
        timers.startSingleTimer("alarm", message, Duration.ofNanos(Math.max(0, deadline - now)));
    }

    /** To be called when the message came. */
    public void rang() {
        armed = Long.MAX_VALUE;
    }
}
