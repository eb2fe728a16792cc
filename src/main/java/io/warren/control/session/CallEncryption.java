package io.warren.control.session;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.MppeKeys;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.ppp.MppeSession;
import io.warren.ppp.MppeTerms;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MPPE of a call. The keys are in no journal: whoever goes on with the call after a restart has to begin PPP anew, which
 * yields others. They would not help him, since nobody notes how often they were changed.
 */
final class CallEncryption {
    /** MS-MPPE-Encryption-Types (RFC 2548 §2.4.5). */
    private static final int TYPE_40 = 2;

    private static final int TYPE_128 = 4;

    private CallEncryption() {}

    /** Null where there are no keys, or none that are long enough. */
    static @Nullable MppeTerms terms(@Nullable MppeKeys keys) {
        if (keys == null || !keys.areWhole()) {
            return null;
        }
        int types = keys.types() == 0 ? TYPE_40 | TYPE_128 : keys.types();
        List<Strength> strengths = Arrays.stream(Strength.values())
                .filter(strength -> (types & (strength == Strength.BITS_40 ? TYPE_40 : TYPE_128)) != 0)
                .toList();
        return new MppeTerms(
                new MasterKeys(beginning(keys.send()), beginning(keys.receive())),
                keys.policy() == MppeKeys.REQUIRED,
                strengths);
    }

    private static Bytes beginning(Bytes key) {
        return Bytes.of(Arrays.copyOf(key.toByteArray(), MasterKeys.LENGTH));
    }

    /** Whether the call was encrypted when the journal heard of it last, and so cannot go on as it was. */
    static boolean wasEncrypted(SessionEvent.NetworkUp network) {
        return network.link().mppeBits() != 0;
    }

    /** Null when the call is not encrypted. */
    static ForwardingEntry.@Nullable Mppe entry(Established call) {
        Live live = call.live();
        MppeSession session = live == null ? null : live.link().mppe();
        return session == null ? null : new ForwardingEntry.Mppe(session.strength(), session.id(), session.keys());
    }
}
