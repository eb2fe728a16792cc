package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import org.jspecify.annotations.Nullable;

/** Control packets: bytes to values and back (RFC 2661 §3.1, §4). */
public final class L2tpCodec {
    private L2tpCodec() {}

    /**
     * Decodes a whole control packet.
     *
     * @param secret for hidden AVPs; null: a hidden AVP makes the message a {@link BadMessage}
     * @throws WireException when the header or the AVP framing cannot be trusted: nothing is to be answered
     */
    public static ControlPacket decode(byte[] datagram, @Nullable TunnelSecret secret) throws WireException {
        throw new UnsupportedOperationException();
    }

    /** A message's AVPs, without header. {@code hiding} null: nothing is hidden. */
    public static Bytes encodeBody(ControlMessage message, @Nullable Hiding hiding) {
        throw new UnsupportedOperationException();
    }

    /** Puts the header before an encoded body; an empty body makes a ZLB. */
    public static Bytes frame(int tunnelId, int sessionId, int ns, int nr, Bytes body) {
        throw new UnsupportedOperationException();
    }
}
