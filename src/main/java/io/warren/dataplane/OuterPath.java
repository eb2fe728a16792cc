package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.sys.AddressBits;

/**
 * The ends between which one datagram goes, addresses in the form of {@link AddressBits}. Filled anew for each datagram,
 * so that none is allocated. Belongs to one thread.
 */
final class OuterPath {
    private static final long NOWHERE = AddressBits.ofIpv4(0);

    long peerHigh;
    long peerLow = NOWHERE;
    int peerPort;
    long localHigh;
    long localLow = NOWHERE;
    int localPort;

    // The end of ours that was last asked for: they are few
    private long knownHigh;
    private long knownLow = NOWHERE;
    private int knownPort;
    private long known = Ends.NONE;

    static OuterPath of(PeerPath path) {
        OuterPath outer = new OuterPath();
        outer.setPeer(path.remote());
        outer.setLocal(path.local());
        return outer;
    }

    void setPeer(long high, long low, int port) {
        peerHigh = high;
        peerLow = low;
        peerPort = port;
    }

    void setLocal(long high, long low, int port) {
        localHigh = high;
        localLow = low;
        localPort = port;
    }

    private void setPeer(Endpoint endpoint) {
        byte[] address = endpoint.address().toByteArray();
        setPeer(AddressBits.high(address), AddressBits.low(address), endpoint.port());
    }

    void setLocal(Endpoint endpoint) {
        byte[] address = endpoint.address().toByteArray();
        setLocal(AddressBits.high(address), AddressBits.low(address), endpoint.port());
    }

    boolean isIpv6() {
        return !AddressBits.isIpv4(peerHigh, peerLow);
    }

    /** See {@link Ends}. */
    long peerEnd() {
        return Ends.of(peerHigh, peerLow, peerPort);
    }

    /** See {@link Ends}. */
    long localEnd() {
        if (localLow != knownLow || localHigh != knownHigh || localPort != knownPort) {
            known = Ends.of(localHigh, localLow, localPort);
            knownHigh = localHigh;
            knownLow = localLow;
            knownPort = localPort;
        }
        return known;
    }

    Endpoint peer() {
        return Ends.endpoint(peerHigh, peerLow, peerPort);
    }

    Endpoint local() {
        return Ends.endpoint(localHigh, localLow, localPort);
    }
}
