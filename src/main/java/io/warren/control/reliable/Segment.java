package io.warren.control.reliable;

import io.warren.wire.Bytes;

/**
 * One packet that is to leave now; an empty body makes it a ZLB.
 *
 * @param sessionId of the header: the peer's id of the call, or 0
 */
public record Segment(int ns, int nr, int sessionId, Bytes body) {
    public boolean isAcknowledgementOnly() {
        return body.length() == 0;
    }
}
