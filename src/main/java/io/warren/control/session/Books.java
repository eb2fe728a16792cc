package io.warren.control.session;

import io.warren.control.port.SessionCounters;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What the journal knows of a call's accounting. Counters live in the data plane of a node and go with it; what is noted
 * here stays. A call may come back to a node whose plane still counts for it, so for each plane it is remembered up to
 * where it was noted.
 *
 * @param accounted whether the call is told of at all
 * @param started whether its start was acknowledged
 * @param noted all that the call had moved when last noted
 * @param entries what the call's entry had counted then, by plane
 */
record Books(boolean accounted, boolean started, SessionCounters noted, PMap<Long, SessionCounters> entries) {
    static final Books NONE = new Books(false, false, SessionCounters.ZERO, HashTreePMap.empty());

    Books open() {
        return new Books(true, started, noted, entries);
    }

    Books acknowledged() {
        return new Books(accounted, true, noted, entries);
    }

    Books with(SessionEvent.TrafficNoted event) {
        return new Books(accounted, started, event.total(), entries.plus(event.plane(), event.entry()));
    }

    /** What to add to the entry's counters on this plane, so that nothing is lost or counted twice. */
    SessionCounters beside(SessionCounters entry, long plane) {
        SessionCounters then = entries.get(plane);
        return then == null || !entry.atLeast(then) ? noted : noted.minus(then);
    }
}
