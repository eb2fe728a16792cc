package io.warren.wire.deflate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses what one end receives, with any window that the peer may use. After a gap, or octets that make no sense,
 * its history is not the peer's any more: nothing can be opened before {@link #reset}. Has some 40 KiB of memory outside
 * the heap until {@link #end}. For one thread at a time.
 */
public final class DeflateReceiver {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** A protocol field of two octets. */
    private static final int LONGEST_PROTOCOL = 2;

    /** What becomes of a packet. */
    public enum Result {
        OPENED,
        /** Packets before it are missing, or it has come too late. */
        GAP,
        /** It is no Deflate data. */
        BAD_DATA,
        /** It would become larger than it may be. */
        TOO_LARGE,
        /** Something was wrong before, and the peer has not begun anew yet. */
        LOST
    }

    private final Inflater inflater = new Inflater(true);
    private final byte[] out;
    private byte[] in = new byte[2_048];
    private int length;
    private int next;
    private boolean lost;

    /** @param mru largest information field that the peer may send, in octets */
    public DeflateReceiver(int mru) {
        // one octet more shows what is too large
        out = new byte[mru + LONGEST_PROTOCOL + 1];
    }

    /**
     * Decompresses what followed PPP protocol 0x00FD.
     *
     * @param at where the sequence number is
     * @param octets from there
     * @return {@link Result#OPENED}: {@link #frame} and {@link #length} tell of it; else all is lost
     */
    public Result open(MemorySegment memory, long at, int octets) {
        if (lost) {
            return Result.LOST;
        }
        Result result = octets <= DeflateFormat.HEADER ? Result.BAD_DATA : follow(memory, at, octets);
        lost = result != Result.OPENED;
        return result;
    }

    private Result follow(MemorySegment memory, long at, int octets) {
        if ((memory.get(SHORT, at) & DeflateFormat.LAST_SEQUENCE) != next) {
            return Result.GAP;
        }
        next = next + 1 & DeflateFormat.LAST_SEQUENCE;
        int data = octets - DeflateFormat.HEADER;
        reserve(data + DeflateFormat.TAIL.length);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + DeflateFormat.HEADER, in, 0, data);
        System.arraycopy(DeflateFormat.TAIL, 0, in, data, DeflateFormat.TAIL.length);
        inflater.setInput(in, 0, data + DeflateFormat.TAIL.length);
        try {
            return inflate();
        } catch (DataFormatException e) {
            return Result.BAD_DATA;
        }
    }

    private Result inflate() throws DataFormatException {
        length = 0;
        int more;
        do {
            more = inflater.inflate(out, length, out.length - length);
            length += more;
            if (length == out.length) {
                return Result.TOO_LARGE;
            }
        } while (more > 0);
        // A stream that ends, or wants a dictionary, is none that goes on with the next packet.
        boolean sound = !inflater.finished() && inflater.getRemaining() == 0 && length > 0;
        return sound ? Result.OPENED : Result.BAD_DATA;
    }

    /** What was opened last: a protocol field of one octet or two, and the packet. Good until the next one. */
    public byte[] frame() {
        return out;
    }

    /** Its length, in octets. */
    public int length() {
        return length;
    }

    /**
     * A packet came as it is: it has a number and is part of the history, too, if its protocol is one of those.
     *
     * @param octets of its information field
     */
    public void passed(int protocol, MemorySegment memory, long at, int octets) {
        if (lost || !DeflateFormat.takesPart(protocol)) {
            return;
        }
        next = next + 1 & DeflateFormat.LAST_SEQUENCE;
        reserve(octets + LONGEST_PROTOCOL);
        int start = DeflateFormat.putProtocol(protocol, in);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, in, start, octets);
        // In a raw stream a dictionary may be set at any time: it follows what is there.
        inflater.setDictionary(in, 0, start + octets);
    }

    /** Whether nothing can be opened before {@link #reset}. */
    public boolean isLost() {
        return lost;
    }

    /** The peer begins anew: it has sent a Reset-Ack. */
    public void reset() {
        inflater.reset();
        next = 0;
        lost = false;
    }

    /** Gives the memory back; nothing may be called after it. */
    public void end() {
        inflater.end();
    }

    private void reserve(int octets) {
        if (in.length < octets) {
            in = new byte[octets];
        }
    }
}
