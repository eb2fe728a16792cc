package io.warren.dataplane;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;

/**
 * An SCCRQ of L2TP version 3, read only as far as it takes to refuse it: RFC 2661 §4.4.2, Result Code 5. The header is
 * that of RFC 3931 §3.2.1; the AVPs have the form of version 2.
 */
final class Version3Request {
    private static final int HEADER = 12;
    private static final int AVP_HEADER = 6;
    private static final int LENGTH_MASK = 0x03ff;
    private static final int SCCRQ = 1;
    private static final int ASSIGNED_TUNNEL_ID = 9;

    private Version3Request() {}

    /**
     * The Assigned Tunnel ID that a peer which can fall back to version 2 sends along, else 0.
     *
     * @throws WireException when this is no SCCRQ: nothing is to be answered
     */
    static int assignedTunnelId(byte[] datagram) throws WireException {
        WireReader header = WireReader.of(datagram);
        header.skip(2);
        int length = header.u16();
        header.skip(HEADER - 4);
        if (length < HEADER) {
            throw header.error("Length " + length + " is shorter than the header");
        }
        WireReader avps = header.slice(length - HEADER);
        int assigned = 0;
        for (boolean first = true; first || !avps.isEmpty(); first = false) {
            int size = avps.u16() & LENGTH_MASK;
            int vendor = avps.u16();
            int type = avps.u16();
            if (size < AVP_HEADER) {
                throw avps.error("an AVP of " + size + " octets");
            }
            WireReader value = avps.slice(size - AVP_HEADER);
            if (first && (vendor != 0 || type != 0 || value.u16() != SCCRQ)) {
                throw avps.error("not an SCCRQ");
            }
            if (vendor == 0 && type == ASSIGNED_TUNNEL_ID) {
                assigned = value.u16();
            }
        }
        return assigned;
    }
}
