package io.warren.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * What is in each UDP packet of the benchmark, so that its receiver can tell whether it is whole, whose it is, which one of
 * its flow it is and when it left:
 *
 * <pre>
 *  0 kind   4 run   8 flow   12 sequence   16 time (ns, 8 octets)   24 length   28 hash of these   32 body
 * </pre>
 *
 * The body is a stretch of a fixed random pattern; flow and sequence choose where it begins, so that parts of two packets
 * put together are noticed, too. All numbers are big-endian.
 */
final class Payload {
    /** The shortest payload: no body. */
    static final int SHORTEST = 32;

    static final int LONGEST = 1_472;

    /** Kind of the packets from the client's side. */
    static final int UP = 0x57425550;

    /** Kind of the packets to the client's side. */
    static final int DOWN = 0x5742444e;

    static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int PLACES = 128;
    private static final MemorySegment PATTERN = Arena.global().allocate(LONGEST + 2 * PLACES, 8);

    /** Sum of the 16-bit words of the pattern before a word, for the Internet checksum (RFC 1071). */
    private static final long[] WORDS_BEFORE = new long[(LONGEST + 2 * PLACES) / 2 + 1];

    static {
        byte[] chance = new byte[LONGEST + 2 * PLACES];
        new Random(2661).nextBytes(chance);
        MemorySegment.copy(chance, 0, PATTERN, ValueLayout.JAVA_BYTE, 0, chance.length);
        for (int word = 0; word < chance.length / 2; word++) {
            int value = (chance[2 * word] & 0xff) << 8 | (chance[2 * word + 1] & 0xff);
            WORDS_BEFORE[word + 1] = WORDS_BEFORE[word] + value;
        }
    }

    private Payload() {}

    /** @param length {@link #SHORTEST} to {@link #LONGEST} octets */
    static void write(MemorySegment memory, long at, int length, int kind, int run, int flow, int sequence, long time) {
        memory.set(INT, at, kind);
        memory.set(INT, at + 4, run);
        memory.set(INT, at + 8, flow);
        memory.set(INT, at + 12, sequence);
        memory.set(LONG, at + 16, time);
        memory.set(INT, at + 24, length);
        memory.set(INT, at + 28, hash(memory, at));
        MemorySegment.copy(PATTERN, place(flow, sequence), memory, at + SHORTEST, length - SHORTEST);
    }

    /** The sum of a written payload's 16-bit words, not folded. */
    static long sum(MemorySegment memory, long at, int length) {
        long sum = 0;
        for (int word = 0; word < SHORTEST; word += 4) {
            sum += memory.get(INT, at + word) & 0xffff_ffffL;
        }
        int from = place(flow(memory, at), sequence(memory, at));
        int to = from + length - SHORTEST;
        sum += WORDS_BEFORE[to / 2] - WORDS_BEFORE[from / 2];
        return (to & 1) == 0 ? sum : sum + ((PATTERN.get(ValueLayout.JAVA_BYTE, to - 1) & 0xffL) << 8);
    }

    /** Whether every octet is as it was written. */
    static boolean whole(MemorySegment memory, long at, int length, int kind) {
        if (length < SHORTEST
                || length > LONGEST
                || memory.get(INT, at) != kind
                || memory.get(INT, at + 24) != length
                || memory.get(INT, at + 28) != hash(memory, at)) {
            return false;
        }
        int place = place(flow(memory, at), sequence(memory, at));
        return MemorySegment.mismatch(
                        memory, at + SHORTEST, at + length, PATTERN, place, (long) place + length - SHORTEST)
                < 0;
    }

    static int run(MemorySegment memory, long at) {
        return memory.get(INT, at + 4);
    }

    static int flow(MemorySegment memory, long at) {
        return memory.get(INT, at + 8);
    }

    static int sequence(MemorySegment memory, long at) {
        return memory.get(INT, at + 12);
    }

    /** {@link System#nanoTime} of the sender: one clock for all processes of a machine. */
    static long time(MemorySegment memory, long at) {
        return memory.get(LONG, at + 16);
    }

    /** Even, so that the words of the pattern are words of the packet. */
    private static int place(int flow, int sequence) {
        return 2 * ((flow * 31 + sequence) & (PLACES - 1));
    }

    private static int hash(MemorySegment memory, long at) {
        int hash = 0;
        for (int word = 0; word < 28; word += 4) {
            hash = Integer.rotateLeft(hash ^ memory.get(INT, at + word), 13) * 0x9e3779b1;
        }
        return hash;
    }
}
