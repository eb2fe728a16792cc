package io.warren.dataplane;

import io.warren.control.port.TrafficLimits;
import org.jspecify.annotations.Nullable;

/**
 * What one direction of a call may use: a bucket of octets, a bucket of packets, or both. Asked for every packet, from
 * any thread; a call without limits has none at all.
 */
final class Policer {
    /** What may come at once when nothing is said: as much as arrives in this part of a second … */
    private static final int BURSTS_PER_SECOND = 8;

    /** … and never less than what TCP sends at once. */
    private static final int LEAST_OCTETS = 65_536;

    private static final int LEAST_PACKETS = 256;

    private final DropReason tooFast;
    private final @Nullable TokenBucket octets;
    private final @Nullable TokenBucket packets;

    private Policer(DropReason tooFast, @Nullable TokenBucket octets, @Nullable TokenBucket packets) {
        this.tooFast = tooFast;
        this.octets = octets;
        this.packets = packets;
    }

    /**
     * Null when nothing is limited.
     *
     * @param rate octets a second, 0: any
     * @param burst octets at once, 0: an eighth of a second's, and 64 KiB at least
     * @param packetRate packets a second, 0: any
     * @param tooFast what a packet is dropped for that is beyond the rate
     * @param before the policer that this one replaces: a bucket that stays as it was goes on as full as it is
     */
    static @Nullable Policer of(
            long rate, long burst, int packetRate, DropReason tooFast, @Nullable Policer before, long now) {
        TokenBucket octets = bucket(rate, burst, LEAST_OCTETS, before == null ? null : before.octets, now);
        TokenBucket packets = bucket(packetRate, 0, LEAST_PACKETS, before == null ? null : before.packets, now);
        return octets == null && packets == null ? null : new Policer(tooFast, octets, packets);
    }

    /** Of what a subscriber sends; see {@link #of}. */
    static @Nullable Policer up(TrafficLimits limits, @Nullable Policer before, long now) {
        return of(limits.upRate(), limits.upBurst(), limits.packetRate(), DropReason.POLICED_UP, before, now);
    }

    /** The same of what is sent to him. */
    static @Nullable Policer down(TrafficLimits limits, @Nullable Policer before, long now) {
        return of(limits.downRate(), limits.downBurst(), limits.packetRate(), DropReason.POLICED_DOWN, before, now);
    }

    private static @Nullable TokenBucket bucket(
            long rate, long burst, int least, @Nullable TokenBucket before, long now) {
        if (rate == 0) {
            return null;
        }
        long size = burst == 0 ? Math.max(least, rate / BURSTS_PER_SECOND) : burst;
        return before != null && before.is(rate, size) ? before : new TokenBucket(rate, size, now);
    }

    /** Why this packet must be dropped; null when it may pass. */
    @Nullable
    DropReason refuses(int length, long now) {
        return refuses(1, length, now);
    }

    /**
     * The same for several packets that pass or fall together, of {@code length} octets in all. The packet rate is
     * asked first and counts what comes, also what the octet rate then refuses: it guards the work of looking.
     */
    @Nullable
    DropReason refuses(int count, int length, long now) {
        if (packets != null && !packets.admits(count, now)) {
            return DropReason.PACKET_RATE;
        }
        return octets == null || octets.admits(length, now) ? null : tooFast;
    }
}
