package io.warren.dataplane;

import io.warren.control.port.ForwardingEntry;
import java.lang.foreign.MemorySegment;

/**
 * The L2TP and PPP headers of a call's data packets (RFC 2661 §3.1, RFC 1661 §2), built once when the call is
 * installed and put before each packet as two longs. Immutable.
 */
final class Encapsulate {
    /**
     * Room that must be free before a packet: two longs, whatever the header's length is, and what encryption puts
     * between them and the packet.
     */
    static final int HEADROOM = 24;

    private static final int LENGTH_OFFSET = 2;

    /** Without a Length field before it. */
    private static final int NS_OFFSET = 6;

    private final long high;
    private final long low;
    private final int length;
    private final boolean sized;
    private final boolean sequenced;

    private Encapsulate(long high, long low, int length, boolean sized, boolean sequenced) {
        this.high = high;
        this.low = low;
        this.length = length;
        this.sized = sized;
        this.sequenced = sequenced;
    }

    /** @param lengthBit whether to send the Length field, which is optional in data packets */
    static Encapsulate of(ForwardingEntry entry, boolean lengthBit) {
        Builder header = new Builder();
        header.u16(Decapsulate.VERSION_2
                | (lengthBit ? Decapsulate.FLAG_LENGTH : 0)
                | (entry.sendSequence() ? Decapsulate.FLAG_SEQUENCE : 0));
        if (lengthBit) {
            header.u16(0);
        }
        header.u16(entry.peerTunnelId());
        header.u16(entry.peerSessionId());
        if (entry.sendSequence()) {
            header.u16(0);
            header.u16(0);
        }
        if (!entry.peerAcfc()) {
            header.u16(0xff03);
        }
        if (!entry.peerPfc()) {
            header.u8(0);
        }
        header.u8(Decapsulate.IPV4);
        return new Encapsulate(header.high, header.low, header.length, lengthBit, entry.sendSequence());
    }

    /** Octets of the header, 7 to 16. */
    int length() {
        return length;
    }

    /** Whether each packet takes an Ns. */
    boolean sequenced() {
        return sequenced;
    }

    /**
     * Puts the header before the IP packet at {@code at}; the 16 octets before it are overwritten.
     *
     * @param packetLength of the IP packet, in octets
     * @param ns the sequence number, used only when {@link #sequenced}
     * @return where the L2TP packet begins
     */
    long prepend(MemorySegment memory, long at, int packetLength, int ns) {
        return prepend(memory, at, packetLength, ns, low);
    }

    /** The same before an IPv6 packet. */
    long prependToIpv6(MemorySegment memory, long at, int packetLength, int ns) {
        return prepend(memory, at, packetLength, ns, low ^ Decapsulate.IPV4 ^ Decapsulate.IPV6);
    }

    /** The same before an encrypted or compressed packet. */
    long prependToEncrypted(MemorySegment memory, long at, int packetLength, int ns) {
        return prepend(memory, at, packetLength, ns, low ^ Decapsulate.IPV4 ^ Decapsulate.COMPRESSED);
    }

    private long prepend(MemorySegment memory, long at, int packetLength, int ns, long lower) {
        Octets.put64(memory, at - 16, high);
        Octets.put64(memory, at - 8, lower);
        long start = at - length;
        if (sized) {
            Octets.put16(memory, start + LENGTH_OFFSET, length + packetLength);
        }
        if (sequenced) {
            Octets.put16(memory, start + (sized ? NS_OFFSET + 2 : NS_OFFSET), ns);
        }
        return start;
    }

    /** Shifts octets into 128 bits from the right, as they will stand before the packet. */
    private static final class Builder {
        private long high;
        private long low;
        private int length;

        void u8(int value) {
            high = high << 8 | low >>> 56;
            low = low << 8 | (value & 0xff);
            length++;
        }

        void u16(int value) {
            u8(value >>> 8);
            u8(value);
        }
    }
}
