package io.warren.dataplane;

import io.warren.control.port.PeerPath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link PeerPath} of a received packet, and remembers the last ones, so that calls of one tunnel share one
 * object. Fixed size: a new path takes the place of an older one. Belongs to one thread.
 */
final class PeerPaths {
    private static final int PLACES = 1_024;

    private final @Nullable Known[] known = new @Nullable Known[PLACES];

    PeerPath of(OuterPath outer) {
        int place = Objects.hash(
                        outer.peerHigh, outer.peerLow, outer.peerPort, outer.localHigh, outer.localLow, outer.localPort)
                & PLACES - 1;
        Known candidate = known[place];
        if (candidate != null && candidate.is(outer)) {
            return candidate.path;
        }
        PeerPath path = new PeerPath(outer.local(), outer.peer());
        known[place] = new Known(
                outer.peerHigh, outer.peerLow, outer.peerPort, outer.localHigh, outer.localLow, outer.localPort, path);
        return path;
    }

    private record Known(
            long peerHigh, long peerLow, int peerPort, long localHigh, long localLow, int localPort, PeerPath path) {
        boolean is(OuterPath outer) {
            return peerLow == outer.peerLow
                    && peerPort == outer.peerPort
                    && localLow == outer.localLow
                    && localPort == outer.localPort
                    && peerHigh == outer.peerHigh
                    && localHigh == outer.localHigh;
        }
    }
}
