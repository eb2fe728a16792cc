package io.warren.wire.deflate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.Deflater;

/**
 * Compresses what one end sends. A packet that would not become smaller goes as it is, but is numbered and part of the
 * history like the others. The window has 32 KiB: a peer with a smaller one could not follow. Has some 256 KiB of memory
 * outside the heap until {@link #end}. For one thread at a time.
 */
public final class DeflateSender {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** What the format itself may add: a stored block's five octets for each 16,383, a flush, bits that are left. */
    private static final int EXPANSION = 64;

    /** The fastest: the better ones take several times as long for some percent. */
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

    private byte[] in = new byte[2_048];
    private byte[] out = new byte[2_048 + EXPANSION];
    private int sequence;

    /**
     * Takes the next packet, and compresses it where it is if that makes it smaller: a sequence number and the data, to
     * follow PPP protocol 0x00FD.
     *
     * @param length of the packet, in octets
     * @return the length of what is there now; 0: the packet is as it was, and has to go so
     */
    public int compress(int protocol, MemorySegment memory, long at, int length) {
        if (!DeflateFormat.takesPart(protocol)) {
            return 0;
        }
        int number = sequence;
        sequence = sequence + 1 & DeflateFormat.LAST_SEQUENCE;
        int deflated = DeflateFormat.HEADER + deflate(protocol, memory, at, length) - DeflateFormat.TAIL.length;
        if (deflated >= length) {
            return 0;
        }
        memory.set(SHORT, at, (short) number);
        MemorySegment.copy(
                out, 0, memory, ValueLayout.JAVA_BYTE, at + DeflateFormat.HEADER, deflated - DeflateFormat.HEADER);
        return deflated;
    }

    /** With the tail. */
    private int deflate(int protocol, MemorySegment memory, long at, int length) {
        if (in.length < length + 2) {
            in = new byte[length + 2];
            out = new byte[length + (length >> 8) + EXPANSION];
        }
        int start = DeflateFormat.putProtocol(protocol, in);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, in, start, length);
        deflater.setInput(in, 0, start + length);
        return deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    }

    /** Begins anew, with an empty history and the number 0: to be told to the peer with a Reset-Ack. */
    public void reset() {
        deflater.reset();
        sequence = 0;
    }

    /** Gives the memory back; nothing may be called after it. */
    public void end() {
        deflater.end();
    }
}
