package io.warren.dataplane;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.mppe.MppeSender;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** PPP frames that the control plane sends itself: IP packets among them are encrypted or compressed like all others of the call. */
final class ControlFrames {
    private static final int RESET_ACK = 15;

    private ControlFrames() {}

    /** A Reset-Ack says that what is compressed after it begins anew (RFC 1962 §3). */
    static Bytes compressed(DeflatePath deflate, Bytes frame) {
        try {
            PppFrame plain = PppFrame.decode(frame);
            int protocol = plain.protocol();
            byte[] octets = plain.information().toByteArray();
            if (protocol == PppProtocol.CCP && octets.length > 0 && octets[0] == RESET_ACK) {
                deflate.beginAnew();
            }
            if (protocol != PppProtocol.IPV4 && protocol != PppProtocol.IPV6) {
                return frame;
            }
            int length = deflate.compress(protocol, MemorySegment.ofArray(octets), 0, octets.length);
            return length == 0
                    ? frame
                    : new PppFrame(PppProtocol.COMPRESSED, Bytes.of(Arrays.copyOf(octets, length))).encode();
        } catch (WireException malformed) {
            return frame;
        }
    }

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
