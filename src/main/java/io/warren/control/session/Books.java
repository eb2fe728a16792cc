package io.warren.control.session;

import io.warren.control.port.SessionCounters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What the journal knows of a call's accounting. Counters live in the data planes of nodes and go with them; what is noted
 * here stays. Whoever goes on with the call adds what its meters have shown since, each by itself: a node may go on to
 * count, or be heard of late, after another has taken the call.
 *
 * @param accounted whether the call is told of at all
 * @param started whether its start was acknowledged
 * @param noted all that the call had moved when last noted
 * @param meters up to where that is known, by the meters' numbers
 */
record Books(boolean accounted, boolean started, SessionCounters noted, PMap<Long, SessionCounters> meters) {
    static final Books NONE = new Books(false, false, SessionCounters.ZERO, HashTreePMap.empty());

    Books open() {
        return new Books(true, started, noted, meters);
    }

    Books acknowledged() {
        return new Books(accounted, true, noted, meters);
    }

    Books with(SessionEvent.TrafficNoted event) {
        return new Books(accounted, started, event.total(), meters.plus(event.plane(), event.entry()));
    }

    /** All that the call has moved, if its meters show this now. */
    SessionCounters total(Map<Long, SessionCounters> now) {
        SessionCounters total = noted;
        for (Map.Entry<Long, SessionCounters> meter : now.entrySet()) {
            SessionCounters then = then(meter.getKey());
            // What was heard of a meter may be older than what was noted.
            total = total.plus(meter.getValue().max(then).minus(then));
        }
        return total;
    }

    /** What is to be noted so that nothing of this is lost: one event for each meter that has moved on. */
    List<SessionEvent.TrafficNoted> unnoted(Map<Long, SessionCounters> now, Instant at) {
        List<SessionEvent.TrafficNoted> events = new ArrayList<>();
        SessionCounters total = noted;
        for (Map.Entry<Long, SessionCounters> meter : now.entrySet()) {
            SessionCounters then = then(meter.getKey());
            SessionCounters shows = meter.getValue().max(then);
            if (!shows.equals(then)) {
                total = total.plus(shows.minus(then));
                events.add(new SessionEvent.TrafficNoted(at, total, meter.getKey(), shows));
            }
        }
        return events;
    }

    private SessionCounters then(long number) {
        return meters.getOrDefault(number, SessionCounters.ZERO);
    }
}
