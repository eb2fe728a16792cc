package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/**
 * Looks at an L2TP header once (RFC 2661 §3.1) and remembers what it found until the next packet. One instance per
 * thread, so that nothing is allocated per packet. Does not look at addresses and decides nothing.
 */
final class Decapsulate {
    /** What kind of packet was seen. */
    enum Kind {
        /** A control packet with a header that can be trusted; its AVPs have not been looked at. */
        CONTROL,
        /** A control packet of L2TP version 3 that asks for a new control connection (RFC 3931 §3.2.1). */
        CONTROL_V3,
        /** A data packet: {@link Decapsulate#key}, {@link Decapsulate#payload}, {@link Decapsulate#payloadLength}. */
        DATA,
        /** Not to be used: {@link Decapsulate#reason} says why. */
        BAD
    }

    static final int VERSION_2 = 2;
    static final int VERSION_3 = 3;

    static final int FLAG_TYPE = 0x8000;
    static final int FLAG_LENGTH = 0x4000;
    static final int FLAG_SEQUENCE = 0x0800;
    static final int FLAG_OFFSET = 0x0200;
    private static final int VERSION_MASK = 0x000f;
    private static final int CONTROL_HEADER = 12;

    private int key;
    private long payload;
    private int payloadLength;
    private int ns;
    private DropReason reason = DropReason.SHORT_HEADER;

    /** Tunnel and session id of the last data packet, as {@link ForwardingTable} keys them. */
    int key() {
        return key;
    }

    /** Where the PPP frame of the last data packet begins. */
    long payload() {
        return payload;
    }

    /** Octets of the PPP frame of the last data packet. */
    int payloadLength() {
        return payloadLength;
    }

    /** Sequence number of the last data packet, 0 to 65,535; -1 when it has none. */
    int ns() {
        return ns;
    }

    /** Why the last packet was bad. */
    DropReason reason() {
        return reason;
    }

    /** Looks at the datagram of {@code length} octets at {@code at}. */
    Kind read(MemorySegment memory, long at, int length) {
        if (length < 2) {
            return bad(DropReason.SHORT_HEADER);
        }
        int flags = Octets.u16(memory, at);
        int version = flags & VERSION_MASK;
        if (version != VERSION_2) {
            return version == VERSION_3 && opensVersion3(memory, at, length, flags)
                    ? Kind.CONTROL_V3
                    : bad(DropReason.BAD_VERSION);
        }
        return (flags & FLAG_TYPE) != 0 ? control(memory, at, length, flags) : data(memory, at, length, flags);
    }

    /** RFC 2661 §3.1: control packets have Length, Ns and Nr, and no Offset. */
    private Kind control(MemorySegment memory, long at, int length, int flags) {
        int needed = FLAG_LENGTH | FLAG_SEQUENCE;
        if ((flags & needed) != needed || (flags & FLAG_OFFSET) != 0) {
            return bad(DropReason.BAD_CONTROL_HEADER);
        }
        if (length < CONTROL_HEADER) {
            return bad(DropReason.SHORT_HEADER);
        }
        int total = Octets.u16(memory, at + 2);
        return total < CONTROL_HEADER || total > length ? bad(DropReason.BAD_LENGTH) : Kind.CONTROL;
    }

    private Kind data(MemorySegment memory, long at, int length, int flags) {
        boolean hasLength = (flags & FLAG_LENGTH) != 0;
        boolean hasOffset = (flags & FLAG_OFFSET) != 0;
        int ids = hasLength ? 4 : 2;
        int header = ids + 4 + ((flags & FLAG_SEQUENCE) != 0 ? 4 : 0) + (hasOffset ? 2 : 0);
        if (header > length) {
            return bad(DropReason.SHORT_HEADER);
        }
        int end = length;
        if (hasLength) {
            end = Octets.u16(memory, at + 2);
            if (end < header || end > length) {
                return bad(DropReason.BAD_LENGTH);
            }
        }
        if (hasOffset) {
            header += Octets.u16(memory, at + header - 2);
            if (header > end) {
                return bad(DropReason.BAD_OFFSET);
            }
        }
        ns = (flags & FLAG_SEQUENCE) != 0 ? Octets.u16(memory, at + ids + 4) : -1;
        key = Octets.i32(memory, at + ids);
        payload = at + header;
        payloadLength = end - header;
        return Kind.DATA;
    }

    /** RFC 3931 §3.2.1: T, L and S set; a Control Connection ID of zero while the peer does not know ours. */
    private static boolean opensVersion3(MemorySegment memory, long at, int length, int flags) {
        int needed = FLAG_TYPE | FLAG_LENGTH | FLAG_SEQUENCE;
        return (flags & needed) == needed && length >= CONTROL_HEADER && Octets.i32(memory, at + 4) == 0;
    }

    private Kind bad(DropReason why) {
        reason = why;
        return Kind.BAD;
    }

    /** Protocol field values, without the first octet, which is 0. */
    static final int IPV4 = 0x21;

    static final int IPV6 = 0x57;

    /** Encrypted. */
    static final int COMPRESSED = 0xfd;

    /**
     * How many octets of PPP header precede the packet of this protocol in a frame, or -1 when the frame holds none. Address and
     * Control may be there or not, whatever was negotiated: RFC 1661 §6.6 lets a receiver discard what is compressed
     * without having been negotiated, but does not make it. So may the protocol's first octet, which §6.5 leaves to the
     * sender once it is negotiated.
     */
    static int pppHeaderBefore(int protocol, MemorySegment memory, long at, int length) {
        int header = length >= 2 && Octets.u16(memory, at) == 0xff03 ? 2 : 0;
        if (length > header && Octets.u8(memory, at + header) == protocol) {
            return header + 1;
        }
        return length >= header + 2 && Octets.u16(memory, at + header) == protocol ? header + 2 : -1;
    }

    /** Whether a frame holds an IP packet in the clear. */
    static boolean isIp(MemorySegment memory, long at, int length) {
        return pppHeaderBefore(IPV4, memory, at, length) >= 0 || pppHeaderBefore(IPV6, memory, at, length) >= 0;
    }

    /** Whether it holds one, encrypted or not. */
    static boolean isData(MemorySegment memory, long at, int length) {
        return isIp(memory, at, length) || pppHeaderBefore(COMPRESSED, memory, at, length) >= 0;
    }
}
