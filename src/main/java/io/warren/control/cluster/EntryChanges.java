package io.warren.control.cluster;

import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The forwarding entries that changed, from whatever thread changed them to the board's. Bounded: what is over the bound
 * is not kept, and the taker is told that something was lost.
 */
final class EntryChanges implements ClusterPlane.EntryWatcher {
    private static final int MOST = 65_536;

    /** @param entry null when the call's entry was removed */
    record Change(SessionKey key, @Nullable ForwardingEntry entry) {}

    /** @param lost whether there were more */
    record Taken(List<Change> changes, boolean lost) {}

    private final Runnable some;
    private final AtomicBoolean told = new AtomicBoolean();
    private List<Change> changes = new ArrayList<>();
    private boolean lost;

    /** @param some run once when there is something to take; must not block */
    EntryChanges(Runnable some) {
        this.some = some;
    }

    @Override
    public void installed(ForwardingEntry entry) {
        add(new Change(entry.key(), entry));
    }

    @Override
    public void removed(SessionKey key) {
        add(new Change(key, null));
    }

    private void add(Change change) {
        synchronized (this) {
            if (changes.size() < MOST) {
                changes.add(change);
            } else {
                lost = true;
            }
        }
        if (told.compareAndSet(false, true)) {
            some.run();
        }
    }

    synchronized Taken take() {
        told.set(false);
        Taken taken = new Taken(changes, lost);
        changes = new ArrayList<>();
        lost = false;
        return taken;
    }
}
