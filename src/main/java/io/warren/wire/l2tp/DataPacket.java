package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One data packet: a PPP frame of a session (RFC 2661 §3.1, §5.4).
 *
 * @param tunnelId the receiver's tunnel id
 * @param sessionId the receiver's session id
 * @param priority whether it asks for preference in queues, as LCP echoes do
 * @param ns its sequence number, 0 to 65,535; null: the session is not sequenced
 * @param frame the PPP frame from its address or protocol field on, without flags and FCS
 */
public record DataPacket(
        int tunnelId,
        int sessionId,
        boolean priority,
        @Nullable Integer ns,
        Bytes frame) {}
