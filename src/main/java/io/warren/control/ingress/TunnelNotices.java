package io.warren.control.ingress;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Which tunnels began on other nodes of late, so that a repeated SCCRQ that lands here is the same tunnel (RFC 2661
 * §5.8), and the way to tell them of ours. Remembers as long as an SCCRQ may be repeated, and so many tunnels at most.
 * Safe to use from any thread.
 */
public final class TunnelNotices {
    private static final int MOST = 65_536;

    private record Heard(int tunnelId, long at) {}

    private final LongSupplier nanos;
    private final long keptNanos;
    private final Map<TunnelDirectory.Request, Heard> heard = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TunnelDirectory.Request, Heard> eldest) {
            return size() > MOST;
        }
    };
    private volatile Consumer<TunnelNotice> others = _ -> {};

    /**
     * @param nanos a monotonic clock
     * @param kept for how long an SCCRQ may be repeated: the peer's retransmission cycle
     */
    public TunnelNotices(LongSupplier nanos, Duration kept) {
        this.nanos = nanos;
        this.keptNanos = kept.toNanos();
    }

    /** Of a node by itself, which hears of none. */
    public static TunnelNotices none() {
        return new TunnelNotices(() -> 0, Duration.ZERO);
    }

    /** From now on the others are told by this; it must not block. */
    public void announceBy(Consumer<TunnelNotice> announcer) {
        others = announcer;
    }

    /** A tunnel begins here. */
    void announce(TunnelNotice notice) {
        others.accept(notice);
    }

    /** A tunnel began elsewhere. */
    public synchronized void heard(TunnelNotice notice) {
        TunnelDirectory.Request request = new TunnelDirectory.Request(notice.remote(), notice.peerTunnelId());
        heard.remove(request);
        heard.put(request, new Heard(notice.tunnelId(), nanos.getAsLong()));
    }

    /** Our id of the tunnel that this request began on another node, or 0. */
    synchronized int find(TunnelDirectory.Request request) {
        Heard found = heard.get(request);
        if (found == null) {
            return 0;
        }
        if (nanos.getAsLong() - found.at() > keptNanos) {
            heard.remove(request);
            return 0;
        }
        return found.tunnelId();
    }
}
