package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.sys.AddressBits;
import io.warren.sys.UdpSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Another node of the cluster, or this one, as the packet threads know it. Outlives each {@link Places}. Thread-safe. */
final class RelayNode implements Undelivered {
    /** A node that was not heard of for longer is silent: four signs of life are missing. */
    static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** Notes of being heard are no closer than this, so that packets do not fight for one cache line. */
    private static final long NOTE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    final Endpoint endpoint;
    final boolean self;

    /** Where its relay is, see {@link Ends}. */
    final long end;

    final long remoteHigh;
    final long remoteLow;
    final int remotePort;
    final int hash;

    /** What we show to it. */
    final long cookieOut;

    /** What it has to show. */
    final long cookieIn;

    private volatile long heardAt;
    private volatile boolean gone;
    private final AtomicLongArray in = new AtomicLongArray(RelayHeader.KINDS);
    private final AtomicLongArray out = new AtomicLongArray(RelayHeader.KINDS);

    /** @param now monotonic, in nanoseconds; until it is heard, the node is silent */
    RelayNode(Endpoint endpoint, boolean self, long cookieOut, long cookieIn, long now) {
        this.endpoint = endpoint;
        this.self = self;
        byte[] address = endpoint.address().toByteArray();
        this.end = Ends.of(endpoint);
        this.remoteHigh = AddressBits.high(address);
        this.remoteLow = AddressBits.low(address);
        this.remotePort = endpoint.port();
        this.hash = AddressBits.hash(remoteHigh, remoteLow, remotePort);
        this.cookieOut = cookieOut;
        this.cookieIn = cookieIn;
        this.heardAt = now - SILENT_NANOS - 1;
    }

    /** Whether it was not heard of lately. We are never silent to ourselves. */
    boolean silent(long now) {
        return !self && (gone || now - heardAt > SILENT_NANOS);
    }

    /** A packet of it came; after a good-bye it may still have been on its way. */
    void heard(long now) {
        if (now - heardAt > NOTE_NANOS) {
            heardAt = now;
        }
    }

    /** A sign of life came. */
    void alive(long now) {
        heardAt = now;
        if (gone) {
            gone = false;
        }
    }

    void bye() {
        gone = true;
    }

    void countIn(int kind) {
        in.getAndIncrement(kind);
    }

    void countOut(int kind) {
        out.getAndIncrement(kind);
    }

    @Override
    public void lost(int errno, Drops drops) {
        if (drops.countIsDue(DropReason.RELAY_SEND_FAILED)) {
            drops.log(DropReason.RELAY_SEND_FAILED, "to " + endpoint + ": " + UdpSocket.describe(errno));
        }
    }

    RelayFigures figures(long now) {
        return new RelayFigures(endpoint, !silent(now), byKind(in), byKind(out));
    }

    private static Map<String, Long> byKind(AtomicLongArray counts) {
        Map<String, Long> packets = new LinkedHashMap<>();
        packets.put("up", counts.get(RelayHeader.UP) + counts.get(RelayHeader.UP_IPV6));
        packets.put("down", counts.get(RelayHeader.DOWN));
        packets.put("send", counts.get(RelayHeader.SEND) + counts.get(RelayHeader.SEND_IPV6));
        packets.put("alive", counts.get(RelayHeader.ALIVE));
        return packets;
    }
}
