package io.warren.wire.mppe;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.PppProtocol;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Decrypts what one end receives. A gap in the counts is what was lost: the keys are changed as often as the peer has
 * changed them (RFC 3078 §8.1). A count of the half that lies behind is of a packet that comes too late, whose key is
 * gone. A packet that makes no sense when it is decrypted changes nothing: anybody may have sent it. When half of the
 * counts or more were lost at once, what comes seems to be late for ever, or makes no sense; many such packets one after
 * the other make us search further ahead. For one thread at a time.
 */
public final class MppeReceiver {
    /** Octets of the bits and the count. */
    public static final int HEADER = MppeHeader.LENGTH;

    private static final int LAST_COUNT = MppeHeader.COUNTS - 1;

    /** Packets with counts one after the other that could not be opened, after which their key is searched for. */
    private static final int PATIENCE = 16;

    /** How often the counts may have begun anew meanwhile: more than 12,000 packets in a row are not lost. */
    private static final int WRAPS = 3;

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

    /** Packets one after the other that could not be opened, and the count of the last one. */
    private int failures;

    private int lastFailed;

    /** @param master the receiver's */
    public MppeReceiver(Bytes master, Strength strength) {
        keys = new KeySequence(master, strength);
    }

    /** How many keys have to be skipped to open a packet, or to search for its key; negative when it is late. */
    public int gap(MemorySegment memory, long at, int length) {
        if (length < MppeHeader.LENGTH) {
            return 0;
        }
        int count = memory.get(SHORT, at) & LAST_COUNT;
        int ahead = count - next & LAST_COUNT;
        if (searches(count)) {
            return ahead + WRAPS * MppeHeader.COUNTS;
        }
        return ahead < MppeHeader.COUNTS / 2 ? ahead : -1;
    }

    /**
     * Decrypts, where it is, what followed PPP protocol 0x00FD. When it is opened a PPP protocol, of one octet or two,
     * and the packet follow the {@link #HEADER}; when not, nothing has changed.
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
        int count = header & LAST_COUNT;
        int ahead = count - next & LAST_COUNT;
        boolean search = searches(count);
        if (ahead >= MppeHeader.COUNTS / 2 && !search) {
            notOpened(count);
            return Result.LATE;
        }
        keys.mark();
        advance(ahead + 1);
        boolean opened = opens(memory, at + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
        for (int wrap = 0; search && !opened && wrap < WRAPS; wrap++) {
            advance(MppeHeader.COUNTS);
            opened = opens(memory, at + MppeHeader.LENGTH, length - MppeHeader.LENGTH);
        }
        if (!opened) {
            keys.goBack();
            notOpened(count);
            return Result.NO_SENSE;
        }
        next = count + 1 & LAST_COUNT;
        failures = 0;
        return Result.OPENED;
    }

    private void advance(int times) {
        for (int n = 0; n < times; n++) {
            keys.advance();
        }
    }

    /** Decrypts, unless that makes no sense. */
    private boolean opens(MemorySegment memory, long at, int length) {
        keys.cipher().apply(memory, at, length);
        boolean sound = isIp(memory, at);
        if (!sound) {
            keys.cipher().apply(memory, at, length);
        }
        return sound;
    }

    /** Whether packets with this count and those before it show that more was lost than a count can say. */
    private boolean searches(int count) {
        return follows(count) && (failures + 1) % PATIENCE == 0;
    }

    private boolean follows(int count) {
        return failures > 0 && count == (lastFailed + 1 & LAST_COUNT);
    }

    private void notOpened(int count) {
        failures = follows(count) ? failures + 1 : 1;
        lastFailed = count;
    }

    /** The protocol field may be compressed or not; the packet's version must agree with it. */
    private static boolean isIp(MemorySegment memory, long at) {
        int first = memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
        boolean whole = first == 0;
        int protocol = whole ? memory.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff : first;
        int version = (memory.get(ValueLayout.JAVA_BYTE, whole ? at + 2 : at + 1) & 0xff) >>> 4;
        return (protocol == PppProtocol.IPV4 && version == 4) || (protocol == PppProtocol.IPV6 && version == 6);
    }
}
