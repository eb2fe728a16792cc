package io.warren.control.port;

import java.util.Map;

/**
 * What one node tells another of a call's {@link Meters}: only ever of more, so that it may come late, twice or in another
 * order.
 *
 * @param peerTunnelId, peerSessionId the peer's ids: ours may be given to another call
 * @param meters what each has shown, by its number
 */
public record CallMeters(SessionKey key, int peerTunnelId, int peerSessionId, Map<Long, SessionCounters> meters) {
    public CallMeters {
        meters = Map.copyOf(meters);
    }

    /** Whether both are of one call. */
    public boolean isOf(SessionKey other, int itsPeerTunnelId, int itsPeerSessionId) {
        return key.equals(other) && peerTunnelId == itsPeerTunnelId && peerSessionId == itsPeerSessionId;
    }

    /** The same with other meters. */
    public CallMeters with(Map<Long, SessionCounters> others) {
        return new CallMeters(key, peerTunnelId, peerSessionId, others);
    }
}
