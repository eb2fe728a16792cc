package io.warren.dataplane;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.mppe.MppeSender;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** PPP frames that the control plane sends itself: IP packets among them are encrypted like all others of the call. */
final class ControlFrames {
    private ControlFrames() {}

    /** Null when there are no keys. */
    static @Nullable Bytes encrypted(MppePath mppe, Bytes frame) {
        try {
            PppFrame plain = PppFrame.decode(frame);
            int protocol = plain.protocol();
            // RFC 3078 §3: only protocols of this range, and not the control protocols.
            if (protocol != PppProtocol.IPV4 && protocol != PppProtocol.IPV6) {
                return frame;
            }
            int length = plain.information().length();
            byte[] sealed = MppeSender.withRoom(plain.information());
            return mppe.seal(protocol, MemorySegment.ofArray(sealed), MppeSender.GROWTH, length) == null
                    ? new PppFrame(PppProtocol.COMPRESSED, Bytes.of(sealed)).encode()
                    : null;
        } catch (WireException malformed) {
            return frame;
        }
    }
}
