package io.warren.control.reliable;

/**
 * How many messages may be on their way: slow start and congestion avoidance (RFC 2661 appendix A), within the peer's
 * window.
 *
 * @param peer the peer's Receive Window Size
 * @param open CWND of appendix A
 * @param credit acknowledgements counted towards the next step of congestion avoidance
 * @param threshold SSTHRESH of appendix A
 */
record CongestionWindow(int peer, int open, int credit, int threshold) {
    /** Slow start. */
    static CongestionWindow of(int peer) {
        return new CongestionWindow(peer, 1, 0, peer);
    }

    /** Messages that may be on their way. */
    int size() {
        return Math.min(open, peer);
    }

    CongestionWindow withPeer(int window) {
        return new CongestionWindow(window, Math.min(open, window), credit, window);
    }

    /** After an acknowledgement: one more, and past the threshold one more per full window of them. */
    CongestionWindow grown() {
        if (open >= threshold && credit + 1 < open) {
            return new CongestionWindow(peer, open, credit + 1, threshold);
        }
        return new CongestionWindow(peer, Math.min(open + 1, peer), 0, threshold);
    }

    /** After a loss. */
    CongestionWindow backedOff() {
        return new CongestionWindow(peer, 1, 0, Math.max(open / 2, 1));
    }
}
