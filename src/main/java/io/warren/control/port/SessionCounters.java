package io.warren.control.port;

/**
 * What a call has moved so far: IP packets and their octets. Up is from the subscriber.
 *
 * @param drops packets of this call that were dropped, both ways
 */
public record SessionCounters(long upPackets, long upOctets, long downPackets, long downOctets, long drops) {
    public static final SessionCounters ZERO = new SessionCounters(0, 0, 0, 0, 0);

    /** Whether nothing is less than there. */
    public boolean atLeast(SessionCounters other) {
        return upPackets >= other.upPackets
                && upOctets >= other.upOctets
                && downPackets >= other.downPackets
                && downOctets >= other.downOctets
                && drops >= other.drops;
    }

    /** Of each the larger. Counters that are read while they rise may be ahead of another reading in some only. */
    public SessionCounters max(SessionCounters other) {
        return new SessionCounters(
                Math.max(upPackets, other.upPackets),
                Math.max(upOctets, other.upOctets),
                Math.max(downPackets, other.downPackets),
                Math.max(downOctets, other.downOctets),
                Math.max(drops, other.drops));
    }

    public SessionCounters minus(SessionCounters other) {
        return new SessionCounters(
                upPackets - other.upPackets,
                upOctets - other.upOctets,
                downPackets - other.downPackets,
                downOctets - other.downOctets,
                drops - other.drops);
    }

    public SessionCounters plus(SessionCounters other) {
        return new SessionCounters(
                upPackets + other.upPackets,
                upOctets + other.upOctets,
                downPackets + other.downPackets,
                downOctets + other.downOctets,
                drops + other.drops);
    }
}
