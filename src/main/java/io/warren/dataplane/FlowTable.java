package io.warren.dataplane;

import java.util.Arrays;

/**
 * Finds the last mergeable packet of a flow within a batch: open addressing with a fixed number of places and a bound
 * on flows, so that no peer makes it grow or slow. Entries of earlier batches are told by their packet's number, which
 * never repeats, so that nothing is cleared. Compares no flows itself: one thread walks the places of a hash with
 * {@link #first} and {@link #next}.
 */
final class FlowTable {
    /** No packet. */
    static final long NONE = -1;

    private final int[] hashes;
    private final long[] packets;
    private final int mask;
    private final int mostFlows;
    private long batch;
    private int flows;

    /** @param mostFlows how many flows are kept apart within a batch, 1 to 2^20 */
    FlowTable(int mostFlows) {
        if (mostFlows < 1 || mostFlows > 1 << 20) {
            throw new IllegalArgumentException("flows: 1 to 1048576, not " + mostFlows);
        }
        this.mostFlows = mostFlows;
        int places = Integer.highestOneBit(mostFlows) * 4;
        mask = places - 1;
        hashes = new int[places];
        packets = new long[places];
        Arrays.fill(packets, NONE);
    }

    /** Forgets all flows; packets are numbered from {@code first} on. */
    void startBatch(long first) {
        batch = first;
        flows = 0;
    }

    /** The first place to look at. */
    int first(int hash) {
        return hash & mask;
    }

    int next(int place) {
        return (place + 1) & mask;
    }

    /** The packet at a place: {@link #NONE} where the search ends. */
    long packet(int place) {
        return packets[place] < batch ? NONE : packets[place];
    }

    boolean matches(int place, int hash) {
        return hashes[place] == hash;
    }

    /** Puts a later packet of the same flow at its place. */
    void replace(int place, long packet) {
        packets[place] = packet;
    }

    /** Enters a flow where the search for it ended, if there is room. */
    void add(int place, int hash, long packet) {
        if (flows < mostFlows) {
            flows++;
            hashes[place] = hash;
            packets[place] = packet;
        }
    }
}
