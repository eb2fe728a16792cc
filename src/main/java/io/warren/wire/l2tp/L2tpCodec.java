package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Control and data packets: bytes to values and back (RFC 2661 §3.1, §4). Keeps nothing between calls; numbering,
 * windows and what to answer are not its business.
 */
public final class L2tpCodec {
    /** For {@link #data(DataPacket, boolean, int)}: a header without Offset Size. */
    public static final int NO_OFFSET = -1;

    private static final int CONTROL_HEADER_LENGTH = 12;
    private static final int LONGEST_PACKET = 0xffff;

    private L2tpCodec() {}

    /**
     * Decodes a whole control packet.
     *
     * @param secret for hidden AVPs; null: a hidden AVP makes the message a {@link BadMessage}
     * @throws WireException when the header or the AVP framing cannot be trusted: nothing is to be answered
     */
    public static ControlPacket decode(byte[] datagram, @Nullable TunnelSecret secret) throws WireException {
        L2tpHeader header = L2tpHeader.decode(datagram);
        if (!header.control()) {
            throw new WireException("a data packet", 0);
        }
        ControlBody body = MessageDecoder.decode(header.payload(datagram), secret);
        return new ControlPacket(header.tunnelId(), header.sessionId(), header.ns(), header.nr(), body);
    }

    /** Decodes a data packet. The forwarding plane does not go this way. */
    public static DataPacket decodeData(byte[] datagram) throws WireException {
        L2tpHeader header = L2tpHeader.decode(datagram);
        if (header.control()) {
            throw new WireException("a control packet", 0);
        }
        Integer ns = header.sequenced() ? (Integer) header.ns() : null;
        Bytes frame = header.payload(datagram).rest();
        return new DataPacket(header.tunnelId(), header.sessionId(), header.priority(), ns, frame);
    }

    /**
     * A message's AVPs, without header. The same message and hiding give the same bytes.
     *
     * @param hiding null: nothing is hidden
     * @throws IllegalArgumentException when a value is longer than an AVP can hold: 1,017 octets, or 1,015 hidden
     */
    public static Bytes encodeBody(ControlMessage message, @Nullable Hiding hiding) {
        return MessageEncoder.encode(message, hiding);
    }

    /** Puts the header before an encoded body; an empty body makes a ZLB. */
    public static Bytes frame(int tunnelId, int sessionId, int ns, int nr, Bytes body) {
        int length = CONTROL_HEADER_LENGTH + body.length();
        if (length > LONGEST_PACKET) {
            throw new IllegalArgumentException("a control packet cannot have " + length + " octets");
        }
        return new WireWriter(length)
                .u16(L2tpHeader.TYPE_BIT | L2tpHeader.LENGTH_BIT | L2tpHeader.SEQUENCE_BIT | L2tpHeader.VERSION)
                .u16(length)
                .u16(tunnelId)
                .u16(sessionId)
                .u16(ns)
                .u16(nr)
                .bytes(body)
                .toBytes();
    }

    /** A data packet with the shortest header: no Length, no sequence numbers, no offset. */
    public static Bytes data(int peerTunnelId, int peerSessionId, Bytes frame) {
        return data(new DataPacket(peerTunnelId, peerSessionId, false, null, frame), false, NO_OFFSET);
    }

    /**
     * A data packet with the header as told; with Ns there is also an Nr, which is 0 since it means nothing here
     * (RFC 2661 §3.1).
     *
     * @param withLength whether there is a Length field
     * @param offset {@link #NO_OFFSET}, or the number of padding octets, 0 to 65,535, after an Offset Size field
     */
    public static Bytes data(DataPacket packet, boolean withLength, int offset) {
        Integer ns = packet.ns();
        WireWriter out = new WireWriter(16 + packet.frame().length())
                .u16((withLength ? L2tpHeader.LENGTH_BIT : 0)
                        | (ns != null ? L2tpHeader.SEQUENCE_BIT : 0)
                        | (offset != NO_OFFSET ? L2tpHeader.OFFSET_BIT : 0)
                        | (packet.priority() ? L2tpHeader.PRIORITY_BIT : 0)
                        | L2tpHeader.VERSION);
        if (withLength) {
            out.u16(0);
        }
        out.u16(packet.tunnelId()).u16(packet.sessionId());
        if (ns != null) {
            out.u16(ns).u16(0);
        }
        if (offset != NO_OFFSET) {
            out.u16(offset).bytes(new byte[offset]);
        }
        out.bytes(packet.frame());
        if (withLength) {
            out.patchU16(2, out.position());
        }
        return out.toBytes();
    }
}
