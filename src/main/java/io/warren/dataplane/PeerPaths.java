package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import io.warren.wire.Bytes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link PeerPath} of a received packet, and remembers the last ones, so that calls of one tunnel share one
 * object. Fixed size: a new path takes the place of an older one. Belongs to one thread.
 */
final class PeerPaths {
    private static final int PLACES = 1_024;

    private final Endpoint bound;
    private final @Nullable Known[] known = new @Nullable Known[PLACES];

    PeerPaths(UdpSocket socket) {
        this.bound = Endpoint.of(socket.localAddress());
    }

    PeerPath of(PacketBuffers batch, int slot) {
        long remoteHigh = batch.remoteHigh(slot);
        long remoteLow = batch.remoteLow(slot);
        int port = batch.remotePort(slot);
        long localHigh = batch.localHigh(slot);
        long localLow = batch.localLow(slot);
        int place = Objects.hash(remoteHigh, remoteLow, port, localHigh, localLow) & PLACES - 1;
        Known candidate = known[place];
        if (candidate != null && candidate.is(remoteHigh, remoteLow, port, localHigh, localLow)) {
            return candidate.path;
        }
        Endpoint local = localHigh == 0 && localLow == 0
                ? bound
                : new Endpoint(Bytes.of(AddressBits.toBytes(localHigh, localLow)), bound.port());
        Endpoint remote = new Endpoint(Bytes.of(AddressBits.toBytes(remoteHigh, remoteLow)), port);
        PeerPath path = new PeerPath(local, remote);
        known[place] = new Known(remoteHigh, remoteLow, port, localHigh, localLow, path);
        return path;
    }

    /** The same for ends as in {@link Ends}, whatever our socket is bound to. */
    PeerPath of(long peer, long local) {
        int place = Objects.hash(peer, local) & PLACES - 1;
        Known candidate = known[place];
        if (candidate != null && candidate.is(0, peer, 0, 0, local)) {
            return candidate.path;
        }
        PeerPath path = new PeerPath(Ends.endpoint(local), Ends.endpoint(peer));
        known[place] = new Known(0, peer, 0, 0, local, path);
        return path;
    }

    private record Known(long remoteHigh, long remoteLow, int port, long localHigh, long localLow, PeerPath path) {
        boolean is(long otherHigh, long otherLow, int otherPort, long otherLocalHigh, long otherLocalLow) {
            return remoteLow == otherLow
                    && port == otherPort
                    && localLow == otherLocalLow
                    && remoteHigh == otherHigh
                    && localHigh == otherLocalHigh;
        }
    }
}
