package io.warren.wire.l2tp;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;

/**
 * The L2TP header (RFC 2661 §3.1) of a control or data packet, in all its variants. Reserved bits are ignored.
 *
 * @param control the T bit
 * @param sequenced the S bit: whether Ns and Nr were present; else both are 0
 * @param priority the P bit
 * @param tunnelId the receiver's tunnel id
 * @param sessionId the receiver's session id
 * @param nr without meaning in a data packet
 * @param payloadStart index of the first octet after the header and its offset padding
 * @param payloadEnd index after the last octet of the payload: the Length field's end, else the datagram's
 */
public record L2tpHeader(
        boolean control,
        boolean sequenced,
        boolean priority,
        int tunnelId,
        int sessionId,
        int ns,
        int nr,
        int payloadStart,
        int payloadEnd) {
    /** The version of the header, which is not the Protocol Version AVP's. */
    public static final int VERSION = 2;

    static final int TYPE_BIT = 0x8000;
    static final int LENGTH_BIT = 0x4000;
    static final int SEQUENCE_BIT = 0x0800;
    static final int OFFSET_BIT = 0x0200;
    static final int PRIORITY_BIT = 0x0100;
    private static final int CONTROL_BITS = TYPE_BIT | LENGTH_BIT | SEQUENCE_BIT;
    private static final int CONTROL_MASK = CONTROL_BITS | OFFSET_BIT | PRIORITY_BIT;

    /**
     * The Ver field alone, 0 to 15, without any other check: 1 is L2F, 2 is ours, 3 is L2TPv3, to whose SCCRQ the
     * answer is StopCCN 5 (RFC 2661 §4.4.2). 0 when the datagram is too short to have one.
     */
    public static int version(byte[] datagram) {
        return datagram.length < 2 ? 0 : datagram[1] & 0x0f;
    }

    /** The T bit alone, without any other check. */
    public static boolean isControl(byte[] datagram) {
        return datagram.length > 0 && datagram[0] < 0;
    }

    /** @throws WireException when the version is not 2, a length is wrong, or control bits are not as they must be */
    public static L2tpHeader decode(byte[] datagram) throws WireException {
        WireReader reader = WireReader.of(datagram);
        int bits = reader.u16();
        if ((bits & 0x000f) != VERSION) {
            throw new WireException("header version " + (bits & 0x000f) + " is not 2", 1);
        }
        boolean control = (bits & TYPE_BIT) != 0;
        if (control && (bits & CONTROL_MASK) != CONTROL_BITS) {
            throw new WireException("control header without L and S, or with O or P", 0);
        }
        int end = datagram.length;
        if ((bits & LENGTH_BIT) != 0) {
            end = reader.u16();
            if (end > datagram.length) {
                throw new WireException("header says " + end + " bytes, datagram has " + datagram.length, 2);
            }
        }
        int tunnelId = reader.u16();
        int sessionId = reader.u16();
        boolean sequenced = (bits & SEQUENCE_BIT) != 0;
        int ns = sequenced ? reader.u16() : 0;
        int nr = sequenced ? reader.u16() : 0;
        if ((bits & OFFSET_BIT) != 0) {
            reader.skip(reader.u16());
        }
        if (reader.position() > end) {
            throw new WireException("header says " + end + " bytes, but is longer itself", 2);
        }
        boolean priority = (bits & PRIORITY_BIT) != 0;
        return new L2tpHeader(control, sequenced, priority, tunnelId, sessionId, ns, nr, reader.position(), end);
    }

    /** Reads what follows the header. */
    WireReader payload(byte[] datagram) {
        return WireReader.of(datagram, payloadStart, payloadEnd - payloadStart);
    }
}
