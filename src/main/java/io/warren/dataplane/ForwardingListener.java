package io.warren.dataplane;

import io.warren.control.port.ForwardingEntry;

/**
 * Hears of every change of the forwarding table, in order, on the thread that makes it: an in-kernel accelerator or a
 * standby node keeps its copy by this. Must be quick and must not call the table.
 */
public interface ForwardingListener {
    /** The entry is new, or replaces the one with the same key. */
    void installed(ForwardingEntry entry);

    void removed(ForwardingEntry entry);
}
