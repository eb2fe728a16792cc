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
    private final ForwardingEntry.Mppe terms;

    /** Null when only another node has the keys. */
    private final @Nullable MppeSender sender;

    private final @Nullable MppeReceiver receiver;

    private final SkippedKeys.@Nullable OfCall skipped;

    private MppePath(ForwardingEntry.Mppe terms, SkippedKeys.@Nullable OfCall skipped) {
        this.terms = terms;
        MasterKeys keys = terms.keys();
        sender = keys == null ? null : new MppeSender(keys.send(), terms.strength());
        receiver = keys == null ? null : new MppeReceiver(keys.receive(), terms.strength());
        this.skipped = skipped;
    }

    /**
     * @param call see {@link Slot#key}
     * @param before of the call, until now
     * @return null for a call that is not encrypted
     */
    static @Nullable MppePath of(
            ForwardingEntry.@Nullable Mppe terms, int call, @Nullable MppePath before, SkippedKeys skipped, long now) {
        if (terms == null) {
            return null;
        }
        if (before != null && before.terms.equals(terms)) {
            return before;
        }
        return new MppePath(terms, terms.keys() == null ? null : skipped.of(call, now));
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
        if (from == null || skipped == null) {
            return DropReason.MPPE_NO_KEYS;
        }
        synchronized (from) {
            int gap = from.gap(memory, at, length);
            DropReason refused = gap > 0 ? skipped.refuses(gap, now) : null;
            if (refused != null) {
                return refused;
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
