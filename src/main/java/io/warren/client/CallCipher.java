package io.warren.client;

import io.warren.control.port.ForwardingEntry;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.MppeReceiver;
import io.warren.wire.mppe.MppeSender;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MPPE of one call whose packets pass by this thread, see {@code dataplane} for those that do not. */
final class CallCipher {
    private final long id;
    private final MppeSender sender;
    private final MppeReceiver receiver;

    private CallCipher(ForwardingEntry.Mppe terms, MasterKeys keys) {
        id = terms.id();
        sender = new MppeSender(keys.send(), terms.strength());
        receiver = new MppeReceiver(keys.receive(), terms.strength());
    }

    /** @return null for a call that is not encrypted */
    static @Nullable CallCipher of(@Nullable ForwardingEntry entry, @Nullable CallCipher before) {
        ForwardingEntry.Mppe terms = entry == null ? null : entry.mppe();
        if (terms == null || terms.keys() == null) {
            return null;
        }
        return before != null && before.id == terms.id() ? before : new CallCipher(terms, terms.keys());
    }

    /** The frame with this IPv4 packet. */
    Bytes seal(byte[] packet) {
        byte[] sealed = MppeSender.withRoom(Bytes.of(packet));
        sender.seal(PppProtocol.IPV4, MemorySegment.ofArray(sealed), MppeSender.GROWTH, packet.length);
        return new PppFrame(PppProtocol.COMPRESSED, Bytes.of(sealed)).encode();
    }

    /** The frame that was encrypted; null when it cannot be had, or was in the clear and should not have been. */
    @Nullable
    Bytes open(Bytes frame) {
        try {
            PppFrame arrived = PppFrame.decode(frame);
            if (arrived.protocol() == PppProtocol.IPV4 || arrived.protocol() == PppProtocol.IPV6) {
                return null;
            }
            if (arrived.protocol() != PppProtocol.COMPRESSED) {
                return frame;
            }
            byte[] octets = arrived.information().toByteArray();
            return receiver.open(MemorySegment.ofArray(octets), 0, octets.length) == MppeReceiver.Result.OPENED
                    ? Bytes.of(Arrays.copyOfRange(octets, MppeReceiver.HEADER, octets.length))
                    : null;
        } catch (WireException malformed) {
            return null;
        }
    }
}
