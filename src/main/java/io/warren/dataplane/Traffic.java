package io.warren.dataplane;

import io.warren.control.port.SessionCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one call has moved. Each direction is written by one thread, so an opaque store is enough; drops, which are
 * rare, and what other nodes relayed may come from any thread. Outlives the table slot when an entry is replaced.
 */
final class Traffic {
    private static final VarHandle UP_PACKETS = handle("upPackets");
    private static final VarHandle UP_OCTETS = handle("upOctets");
    private static final VarHandle DOWN_PACKETS = handle("downPackets");
    private static final VarHandle DOWN_OCTETS = handle("downOctets");
    private static final VarHandle RELAYED_UP_PACKETS = handle("relayedUpPackets");
    private static final VarHandle RELAYED_UP_OCTETS = handle("relayedUpOctets");
    private static final VarHandle RELAYED_DOWN_PACKETS = handle("relayedDownPackets");
    private static final VarHandle RELAYED_DOWN_OCTETS = handle("relayedDownOctets");
    private static final VarHandle DROPS = handle("drops");
    private static final VarHandle NEXT_NS = handle("nextNs");

    private static final long PATH_LIMIT_LIFE = TimeUnit.MINUTES.toNanos(10);

    /** The peer's ids cannot be zero. */
    private static final int NO_CALL = 0;

    /** RFC 791 §3.2: every link carries 68 octets. */
    private static final int SMALLEST_LIMIT = 68;

    @SuppressWarnings("UnusedVariable") // by VarHandle
    private long upPackets;

    @SuppressWarnings("UnusedVariable")
    private long upOctets;

    @SuppressWarnings("UnusedVariable")
    private long downPackets;

    @SuppressWarnings("UnusedVariable")
    private long downOctets;

    // What other nodes relayed to us

    @SuppressWarnings("UnusedVariable")
    private long relayedUpPackets;

    @SuppressWarnings("UnusedVariable")
    private long relayedUpOctets;

    @SuppressWarnings("UnusedVariable")
    private long relayedDownPackets;

    @SuppressWarnings("UnusedVariable")
    private long relayedDownOctets;

    @SuppressWarnings("UnusedVariable")
    private long drops;

    @SuppressWarnings("UnusedVariable")
    private long nextNs;

    /** Largest IP packet that the path to the peer took when one was refused, and when that was. */
    private volatile @Nullable PathLimit pathLimit;

    /** See {@link io.warren.control.port.Meters}. */
    final long meter;

    /** The peer's ids, tunnel's in the upper half; {@link #NO_CALL} before there was an entry. */
    private volatile int call = NO_CALL;

    /** @param meter its number */
    Traffic(long meter) {
        this.meter = meter;
    }

    private record PathLimit(int octets, long at) {}

    /** Notes that nothing larger gets to the peer. {@code now} is monotonic, in nanoseconds. */
    void limitPacket(int octets, long now) {
        pathLimit = new PathLimit(Math.max(SMALLEST_LIMIT, octets), now);
    }

    /** Largest IP packet that is known to get to the peer; the knowledge grows old (RFC 1191 §6.3). */
    int largestPacket(long now) {
        PathLimit limit = pathLimit;
        return limit == null || now - limit.at > PATH_LIMIT_LIFE ? Integer.MAX_VALUE : limit.octets;
    }

    void countUp(int octets) {
        UP_PACKETS.setOpaque(this, (long) UP_PACKETS.getOpaque(this) + 1);
        UP_OCTETS.setOpaque(this, (long) UP_OCTETS.getOpaque(this) + octets);
    }

    void countDown(int octets) {
        DOWN_PACKETS.setOpaque(this, (long) DOWN_PACKETS.getOpaque(this) + 1);
        DOWN_OCTETS.setOpaque(this, (long) DOWN_OCTETS.getOpaque(this) + octets);
    }

    /**
     * For a packet of which several threads may have the like: one that another node relayed, or, down, one of a call
     * with more than an IPv4 address.
     */
    void countRelayedUp(int octets) {
        long ignored =
                (long) RELAYED_UP_PACKETS.getAndAdd(this, 1L) + (long) RELAYED_UP_OCTETS.getAndAdd(this, (long) octets);
    }

    /** See {@link #countRelayedUp}. */
    void countRelayedDown(int octets) {
        long ignored = (long) RELAYED_DOWN_PACKETS.getAndAdd(this, 1L)
                + (long) RELAYED_DOWN_OCTETS.getAndAdd(this, (long) octets);
    }

    void countDrop() {
        long ignored = (long) DROPS.getAndAdd(this, 1L);
    }

    /** The Ns of the next frame down; from any thread, since the control plane sends frames too. */
    int takeNs() {
        return (int) (long) NEXT_NS.getAndAdd(this, 1L) & 0xffff;
    }

    /** New counters that number on where these are. */
    Traffic successor(long meterOfNext) {
        Traffic next = new Traffic(meterOfNext);
        next.nextNs = (long) NEXT_NS.getVolatile(this);
        return next;
    }

    /** Counts for this call from now on, if it does for none so far; whether it does. One thread at a time. */
    boolean takesCall(int peerTunnelId, int peerSessionId) {
        int ids = peerTunnelId << 16 | peerSessionId;
        if (call == NO_CALL) {
            call = ids;
        }
        return call == ids;
    }

    boolean hasCall() {
        return call != NO_CALL;
    }

    int peerTunnelId() {
        return call >>> 16;
    }

    int peerSessionId() {
        return call & 0xffff;
    }

    SessionCounters read() {
        return new SessionCounters(
                (long) UP_PACKETS.getOpaque(this) + (long) RELAYED_UP_PACKETS.getOpaque(this),
                (long) UP_OCTETS.getOpaque(this) + (long) RELAYED_UP_OCTETS.getOpaque(this),
                (long) DOWN_PACKETS.getOpaque(this) + (long) RELAYED_DOWN_PACKETS.getOpaque(this),
                (long) DOWN_OCTETS.getOpaque(this) + (long) RELAYED_DOWN_OCTETS.getOpaque(this),
                (long) DROPS.getOpaque(this));
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(Traffic.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
