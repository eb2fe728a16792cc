package io.warren.dataplane;

import io.warren.control.port.ForwardingEntry;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.MppeReceiver;
import io.warren.wire.mppe.MppeSender;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * MPPE of one call, both ways: keys and counts, which outlive the table slot when an entry is replaced. Packets of a call
 * may be handled by several threads, so each direction is locked; a count is taken in the order in which packets are
 * encrypted, and packets that then overtake each other cost the peer those that are overtaken.
 */
final class MppePath {
    /**
     * Keys that a peer may make us skip in a second. Two thousand take about a millisecond; a peer that means harm would
     * send nothing but gaps.
     */
    private static final int SKIPPED_A_SECOND = 10_000;

    /** One search, and some gaps. */
    private static final int SKIPPED_AT_ONCE = 20_000;

    private final ForwardingEntry.Mppe terms;

    /** Null when only another node has the keys. */
    private final @Nullable MppeSender sender;

    private final @Nullable MppeReceiver receiver;
    private final TokenBucket skipped;

    private MppePath(ForwardingEntry.Mppe terms, long now) {
        this.terms = terms;
        MasterKeys keys = terms.keys();
        sender = keys == null ? null : new MppeSender(keys.send(), terms.strength());
        receiver = keys == null ? null : new MppeReceiver(keys.receive(), terms.strength());
        skipped = new TokenBucket(SKIPPED_A_SECOND, SKIPPED_AT_ONCE, now);
    }

    /**
     * @param before of the call, until now
     * @return null for a call that is not encrypted
     */
    static @Nullable MppePath of(ForwardingEntry.@Nullable Mppe terms, @Nullable MppePath before, long now) {
        if (terms == null) {
            return null;
        }
        return before != null && before.terms.equals(terms) ? before : new MppePath(terms, now);
    }

    /**
     * Encrypts a packet where it is; {@link MppeSender#GROWTH} octets before it are part of the result.
     *
     * @return null, or why it cannot be sent
     */
    @Nullable
    DropReason seal(int protocol, MemorySegment memory, long at, int length) {
        MppeSender to = sender;
        if (to == null) {
            return DropReason.MPPE_NO_KEYS;
        }
        synchronized (to) {
            to.seal(protocol, memory, at, length);
        }
        return null;
    }

    /**
     * Decrypts, where it is, what follows PPP protocol 0x00FD: {@link MppeReceiver#HEADER} octets, then a frame.
     *
     * @return null, or why it is dropped
     */
    @Nullable
    DropReason open(MemorySegment memory, long at, int length, long now) {
        MppeReceiver from = receiver;
        if (from == null) {
            return DropReason.MPPE_NO_KEYS;
        }
        synchronized (from) {
            int gap = from.gap(memory, at, length);
            if (gap > 0 && !skipped.admits(gap, now)) {
                return DropReason.MPPE_GAP;
            }
            return switch (from.open(memory, at, length)) {
                case OPENED -> null;
                case BAD_HEADER -> DropReason.MPPE_BAD_HEADER;
                case LATE -> DropReason.MPPE_LATE;
                case NO_SENSE -> DropReason.MPPE_NO_SENSE;
            };
        }
    }
}
