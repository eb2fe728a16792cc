package io.warren.wire.mppe;

import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Encrypts what one end sends: a new key and a new count with each packet (RFC 3078 §7.2). For one thread at a time. */
public final class MppeSender {
    /** Octets that a packet grows by: bits and count, and its PPP protocol in full. */
    public static final int GROWTH = MppeHeader.LENGTH + 2;

    /** A packet with as many octets before it as {@link #seal} needs. */
    public static byte[] withRoom(Bytes packet) {
        return new WireWriter(GROWTH + packet.length())
                .bytes(new byte[GROWTH])
                .bytes(packet)
                .toBytes()
                .toByteArray();
    }

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final KeySequence keys;
    private int next;

    /** @param master the sender's */
    public MppeSender(Bytes master, Strength strength) {
        keys = new KeySequence(master, strength);
    }

    /**
     * Encrypts the packet of {@code length} octets at {@code at}, where it is; the {@link #GROWTH} octets before it are
     * overwritten. What is to be sent with PPP protocol 0x00FD begins there.
     *
     * @param protocol PPP protocol of the packet
     */
    public void seal(int protocol, MemorySegment memory, long at, int length) {
        keys.advance();
        memory.set(SHORT, at - 4, (short) (MppeHeader.FLUSHED | MppeHeader.ENCRYPTED | next));
        memory.set(SHORT, at - 2, (short) protocol);
        next = next + 1 & MppeHeader.COUNTS - 1;
        keys.cipher().apply(memory, at - 2, length + 2);
    }
}
