package io.warren.wire.mppe;

import io.warren.wire.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Decrypts what one end receives. A gap in the counts is what was lost: the keys are changed as often as the peer has
 * changed them (RFC 3078 §8.1). A count of the half that lies behind is of a packet that comes too late, whose key is
 * gone. A packet that makes no sense when it is decrypted changes nothing: anybody may have sent it. For one thread at a
 * time.
 */
public final class MppeReceiver {
    /** Octets of the bits and the count. */
    public static final int HEADER = MppeHeader.LENGTH;

    private static final int IPV4 = 0x21;
    private static final int IPV6 = 0x57;

    /** A protocol field and an octet. */
    private static final int LEAST_PACKET = 3;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** What becomes of a packet. */
    public enum Result {
        OPENED,
        /** Not of the stateless mode that was negotiated. */
        BAD_HEADER,
        /** Behind what came last, or too far ahead of it. */
        LATE,
        /** Whatever it is, it is no IP packet under this key. */
        NO_SENSE
    }

    private final KeySequence keys;

    /** The count that comes next. */
    private int next;

    /** @param master the receiver's */
    public MppeReceiver(Bytes master, Strength strength) {
        keys = new KeySequence(master, strength);
    }

    /** How many keys have to be skipped before a packet can be opened; negative when it cannot be any more. */
    public int gap(MemorySegment memory, long at, int length) {
        if (length < MppeHeader.LENGTH) {
            return 0;
        }
        int gap = (memory.get(SHORT, at) & MppeHeader.COUNTS - 1) - next & MppeHeader.COUNTS - 1;
        return gap < MppeHeader.COUNTS / 2 ? gap : -1;
    }

    /**
     * Decrypts, where it is, what followed PPP protocol 0x00FD. When it is opened a PPP protocol, of one octet or two,
     * and the packet follow the {@link #HEADER}.
     *
     * @param at where the bits and the count are
     * @param length from there, in octets
     */
    public Result open(MemorySegment memory, long at, int length) {
        if (length < MppeHeader.LENGTH + LEAST_PACKET) {
            return Result.BAD_HEADER;
        }
        int header = memory.get(SHORT, at) & 0xffff;
        int bits = MppeHeader.FLUSHED | MppeHeader.COMPRESSED | MppeHeader.ENCRYPTED;
        if ((header & bits) != (MppeHeader.FLUSHED | MppeHeader.ENCRYPTED)) {
            return Result.BAD_HEADER;
        }
        int gap = gap(memory, at, length);
        if (gap < 0) {
            return Result.LATE;
        }
        keys.mark();
        for (int skipped = 0; skipped <= gap; skipped++) {
            keys.advance();
        }
        keys.cipher().apply(memory, at + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
        if (!isIp(memory, at + MppeHeader.LENGTH)) {
            keys.goBack();
            return Result.NO_SENSE;
        }
        next = next + gap + 1 & MppeHeader.COUNTS - 1;
        return Result.OPENED;
    }

    /** The protocol field may be compressed or not; the packet's version must agree with it. */
    private static boolean isIp(MemorySegment memory, long at) {
        int first = memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
        boolean whole = first == 0;
        int protocol = whole ? memory.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff : first;
        int version = (memory.get(ValueLayout.JAVA_BYTE, whole ? at + 2 : at + 1) & 0xff) >>> 4;
        return (protocol == IPV4 && version == 4) || (protocol == IPV6 && version == 6);
    }
}
