package io.warren.control.session;

import io.warren.control.Moment;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberProfile;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a call that is up has to end by itself. Session-Timeout counts on over restarts, a point of time is one,
 * Idle-Timeout begins again. The counters are looked at four times in an idle timeout, so an idle call lives up to a
 * quarter longer.
 *
 * @param sessionEnd monotonic nanoseconds; {@link Long#MAX_VALUE} for never
 * @param idle nanoseconds; 0 for never
 * @param idleSince when it was seen last that something had moved
 * @param look when to look again
 * @param packets that had moved then
 */
record CallTimeouts(long sessionEnd, long idle, long idleSince, long look, long packets) {
    static final CallTimeouts NONE = new CallTimeouts(Long.MAX_VALUE, 0, 0, Long.MAX_VALUE, 0);

    private static final int LOOKS = 4;
    private static final Duration CENTURY = Duration.ofDays(36_525);

    static CallTimeouts of(SubscriberProfile profile, Instant upSince, Moment moment, SessionCounters moved) {
        long end = Math.min(
                profile.sessionTimeout() == 0
                        ? Long.MAX_VALUE
                        : at(upSince.plusSeconds(profile.sessionTimeout()), moment),
                at(profile.ownTerms().until(), moment));
        long idle = Duration.ofSeconds(profile.idleTimeout()).toNanos();
        return new CallTimeouts(end, idle, moment.nanos(), Long.MAX_VALUE, packets(moved)).lookingAgain(moment.nanos());
    }

    /** In monotonic time; what is more than a century away does not come. */
    private static long at(@Nullable Instant time, Moment moment) {
        if (time == null || time.isAfter(moment.wall().plus(CENTURY))) {
            return Long.MAX_VALUE;
        }
        return time.isBefore(moment.wall())
                ? moment.nanos()
                : moment.nanos() + Duration.between(moment.wall(), time).toNanos();
    }

    CallTimeouts seen(SessionCounters moved, long now) {
        if (idle == 0 || now < look) {
            return this;
        }
        long packetsNow = packets(moved);
        long since = packetsNow == packets ? idleSince : now;
        return new CallTimeouts(sessionEnd, idle, since, look, packetsNow).lookingAgain(now);
    }

    /** The same ends, idle for as long as before. */
    CallTimeouts idleAs(CallTimeouts before) {
        return new CallTimeouts(sessionEnd, before.idle, before.idleSince, before.look, before.packets);
    }

    long deadline() {
        return Math.min(sessionEnd, look);
    }

    /** Null: not yet. */
    @Nullable
    CallEnd end(long now) {
        if (now >= sessionEnd) {
            return CallEnd.sessionTimeout();
        }
        return idle != 0 && now - idleSince >= idle ? CallEnd.idleTimeout() : null;
    }

    private CallTimeouts lookingAgain(long now) {
        return idle == 0
                ? this
                : new CallTimeouts(
                        sessionEnd, idle, idleSince, Math.min(now + idle / LOOKS, idleSince + idle), packets);
    }

    private static long packets(SessionCounters moved) {
        return moved.upPackets() + moved.downPackets();
    }
}
