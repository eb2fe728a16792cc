package io.warren.dataplane;

import io.warren.wire.mppe.MppeReceiver;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Opens frames of calls whose packets are encrypted or compressed. What was opened is a frame again, without Address and
 * Control fields, and may lie elsewhere. Belongs to one thread.
 */
final class CodedFrames {
    /** Null before the first compressed packet. */
    private @Nullable InflatedFrames inflated;

    private MemorySegment memory = MemorySegment.NULL;
    private long at;
    private int length;
    private @Nullable DropReason refused;
    private boolean control;

    /** Whether a frame of the call can be opened without {@link #clear}. */
    boolean hasRoomFor(Slot call) {
        return call.deflate == null || inflated == null || inflated.hasRoom(call.deflate.largest());
    }

    /** What was opened has left. */
    void clear() {
        if (inflated != null) {
            inflated.clear();
        }
    }

    /** False: see {@link #refused} and {@link #isForControl}. */
    boolean opens(Slot call, MemorySegment from, long start, int octets, long now) {
        memory = from;
        at = start;
        length = octets;
        refused = null;
        control = false;
        int ppp = Decapsulate.pppHeaderBefore(Decapsulate.COMPRESSED, from, start, octets);
        if (call.mppe != null) {
            return decrypts(call.mppe, ppp, now);
        }
        return call.deflate == null || inflates(call, call.deflate, ppp, now);
    }

    private boolean decrypts(MppePath mppe, int ppp, long now) {
        refused = ppp < 0 ? DropReason.NOT_ENCRYPTED : mppe.open(memory, at + ppp, length - ppp, now);
        if (ppp < 0 && !Decapsulate.isIp(memory, at, length)) {
            refused = null;
            control = true;
            return false;
        }
        skip(ppp + MppeReceiver.HEADER);
        return refused == null;
    }

    private boolean inflates(Slot call, DeflatePath deflate, int ppp, long now) {
        if (ppp < 0) {
            deflate.passed(memory, at, length);
            return true;
        }
        InflatedFrames into = inflated;
        if (into == null) {
            into = new InflatedFrames();
            inflated = into;
        }
        refused = deflate.open(memory, at + ppp, length - ppp, into);
        if (refused != null) {
            control = !call.standby && deflate.asksForReset(now);
            return false;
        }
        memory = into.memory();
        at = into.at();
        length = into.length();
        return true;
    }

    private void skip(int octets) {
        at += octets;
        length -= octets;
    }

    /** Where the frame is. */
    MemorySegment memory() {
        return memory;
    }

    long at() {
        return at;
    }

    /** In octets. */
    int length() {
        return length;
    }

    /** Why it is dropped; null: it is not, but {@link #isForControl}. */
    @Nullable
    DropReason refused() {
        return refused;
    }

    /** Whether the control plane is to have the frame as it came. */
    boolean isForControl() {
        return control;
    }
}
