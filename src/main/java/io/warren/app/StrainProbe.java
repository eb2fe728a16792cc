package io.warren.app;

import io.warren.control.Strain;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends itself through the queue in which the entities' messages wait, again and again, and tells how long that took. */
final class StrainProbe implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(StrainProbe.class);
    private static final long NONE = Long.MIN_VALUE;

    private final Strain strain;
    private final Executor entities;
    /** When the probe set out that has not come back. */
    private final AtomicLong out = new AtomicLong(NONE);

    StrainProbe(Strain strain, Executor entities) {
        this.strain = strain;
        this.entities = entities;
    }

    /** To be run at intervals, elsewhere than in {@code entities}. */
    @Override
    public void run() {
        long now = System.nanoTime();
        long since = out.get();
        if (since == NONE) {
            out.set(now);
            entities.execute(this::back);
        } else {
            tell(strain.waits(now - since, now));
        }
    }

    private void back() {
        long now = System.nanoTime();
        tell(strain.waited(now - out.getAndSet(NONE), now));
    }

    private void tell(boolean changed) {
        if (changed && strain.isStrained()) {
            LOG.warn("messages wait for too long: new calls are refused until that is over (limits.longest-wait)");
        } else if (changed) {
            LOG.info("new calls are taken again");
        }
    }
}
