package io.warren.dataplane;

import io.warren.control.port.ForwardingEntry;
import io.warren.wire.deflate.DeflateReceiver;
import io.warren.wire.deflate.DeflateSender;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Deflate of one call, both ways: the histories, which outlive the table slot when an entry is replaced. Packets of a call
 * may be handled by several threads, so each direction is locked; a packet that overtakes another is a gap, as is one that
 * is lost, after which nothing can be opened before the peer has begun anew. Without room for histories, and where another
 * node has them, packets leave as they are, which the peer's history allows for, and none can be opened.
 */
final class DeflatePath {
    /** Between two packets that show the control plane that the peer has to begin anew. */
    private static final long ASK_WAIT = Duration.ofMillis(100).toNanos();

    private static final int CCP = 0x80fd;
    private static final int RESET_ACK = 15;

    private final ForwardingEntry.Deflate terms;
    private final boolean standby;

    /** Of which this has one; null: there was none left, or none is needed. */
    private final @Nullable DeflateCalls calls;

    private final Object sending = new Object();
    private final Object receiving = new Object();

    // Null before the first packet
    private @Nullable DeflateSender sender;
    private @Nullable DeflateReceiver receiver;
    private boolean sendingEnded;
    private boolean receivingEnded;
    private boolean mayAsk = true;
    private long asked;

    private DeflatePath(ForwardingEntry.Deflate terms, boolean standby, DeflateCalls calls) {
        this.terms = terms;
        this.standby = standby;
        this.calls = !standby && calls.take() ? calls : null;
    }

    /**
     * @param before of the call, until now
     * @param standby whether another node has the histories
     * @return null for a call that is not compressed
     */
    static @Nullable DeflatePath of(
            ForwardingEntry.@Nullable Deflate terms,
            @Nullable DeflatePath before,
            boolean standby,
            DeflateCalls calls) {
        if (terms == null) {
            return null;
        }
        return before != null && before.terms.equals(terms) && before.standby == standby
                ? before
                : new DeflatePath(terms, standby, calls);
    }

    /** Octets of the largest frame that can come out. */
    int largest() {
        return terms.mru() + 2;
    }

    /**
     * Compresses a packet where it is.
     *
     * @return its length now, to follow PPP protocol 0x00FD; 0: it is as it was, and leaves so
     */
    int compress(int protocol, MemorySegment memory, long at, int length) {
        if (calls == null || !terms.send()) {
            return 0;
        }
        synchronized (sending) {
            if (sendingEnded) {
                return 0;
            }
            DeflateSender to = sender;
            if (to == null) {
                to = new DeflateSender();
                sender = to;
            }
            return to.compress(protocol, memory, at, length);
        }
    }

    /** A Reset-Ack is about to leave: what is compressed from now on begins anew. */
    void beginAnew() {
        synchronized (sending) {
            if (sender != null) {
                sender.reset();
            }
        }
    }

    /**
     * Decompresses what follows PPP protocol 0x00FD.
     *
     * @param into takes the frame
     * @return null, or why it is dropped
     */
    @Nullable
    DropReason open(MemorySegment memory, long at, int length, InflatedFrames into) {
        if (calls == null && !standby) {
            return DropReason.DEFLATE_NO_ROOM;
        }
        synchronized (receiving) {
            DeflateReceiver from = receiver();
            if (from == null) {
                return DropReason.DEFLATE_NO_HISTORY;
            }
            return switch (from.open(memory, at, length)) {
                case OPENED -> {
                    into.put(from.frame(), from.length());
                    yield null;
                }
                case GAP -> DropReason.DEFLATE_GAP;
                case BAD_DATA -> DropReason.DEFLATE_BAD_DATA;
                case TOO_LARGE -> DropReason.DEFLATE_TOO_LARGE;
                case LOST -> DropReason.DEFLATE_LOST;
            };
        }
    }

    /** A frame came that is not compressed: it may be part of the history, or say that the peer has begun anew. */
    void passed(MemorySegment memory, long at, int length) {
        int header = length >= 2 && Octets.u16(memory, at) == 0xff03 ? 2 : 0;
        if (length < header + 2) {
            return;
        }
        int first = Octets.u8(memory, at + header);
        boolean one = (first & 1) == 1;
        int protocol = one ? first : Octets.u16(memory, at + header);
        int skip = header + (one ? 1 : 2);
        synchronized (receiving) {
            DeflateReceiver from = receiver();
            if (from == null) {
                return;
            }
            if (protocol == CCP && length > skip && Octets.u8(memory, at + skip) == RESET_ACK) {
                from.reset();
                mayAsk = true;
            } else {
                from.passed(protocol, memory, at + skip, length - skip);
            }
        }
    }

    private @Nullable DeflateReceiver receiver() {
        if (calls == null || !terms.receive() || receivingEnded) {
            return null;
        }
        DeflateReceiver from = receiver;
        if (from == null) {
            from = new DeflateReceiver(terms.mru());
            receiver = from;
        }
        return from;
    }

    /** Whether the control plane is to see the packet that could not be opened: now and then. */
    boolean asksForReset(long now) {
        if (standby || !terms.receive()) {
            return false;
        }
        synchronized (receiving) {
            if (!mayAsk && now - asked < ASK_WAIT) {
                return false;
            }
            mayAsk = false;
            asked = now;
            return true;
        }
    }

    /** Gives the memory back; packets that are still under way are handled as if there had been no room. */
    void end() {
        boolean first;
        synchronized (sending) {
            first = !sendingEnded;
            sendingEnded = true;
            if (sender != null) {
                sender.end();
                sender = null;
            }
        }
        synchronized (receiving) {
            receivingEnded = true;
            if (receiver != null) {
                receiver.end();
                receiver = null;
            }
        }
        if (first && calls != null) {
            calls.giveBack();
        }
    }
}
