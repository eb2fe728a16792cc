package io.warren.control.port;

import java.util.Collection;

/** The forwarding table as the control plane sees it. Safe to call from any thread. */
public interface SessionPlane {
    /** Installs or replaces the entry of {@code entry.key()}; counters of a replaced entry go on. */
    void install(ForwardingEntry entry);

    /** Installs many at once: after a restart. */
    void installAll(Collection<ForwardingEntry> entries);

    /** Removes the entry, if there is one, and returns its last counters. */
    SessionCounters remove(SessionKey key);

    /** The counters now; {@link SessionCounters#ZERO} for a call without an entry. */
    SessionCounters counters(SessionKey key);
}
