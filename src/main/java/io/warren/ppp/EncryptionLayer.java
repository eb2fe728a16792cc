package io.warren.ppp;

import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.ppp.PppProtocol;
import org.jspecify.annotations.Nullable;

/**
 * CCP of a link, for MPPE alone. What an input does to it is worked out by {@link EncryptionTurn}.
 *
 * @param keys that authentication yielded for this end; null: none, and CCP is not spoken
 * @param required whether nothing may flow without it
 * @param patience until when the network control protocols wait for it; {@link Long#MAX_VALUE}: they do not
 * @param session what CCP has opened; null: nothing is encrypted
 * @param encrypted whether there was a session since LCP is up: then nothing flows in the clear while CCP is negotiated anew
 */
record EncryptionLayer(
        ControlProtocol<CcpNegotiation> ccp,
        @Nullable MasterKeys keys,
        boolean required,
        long patience,
        @Nullable MppeSession session,
        boolean encrypted) {
    static EncryptionLayer initial(LinkSettings settings) {
        return new EncryptionLayer(
                ControlProtocol.initial(PppProtocol.CCP, settings, CcpNegotiation.NONE),
                null,
                settings.mppe().use() == MppePolicy.Use.REQUIRE,
                Long.MAX_VALUE,
                null,
                false);
    }

    /** Of a link that goes on as it was before a restart: in the clear. */
    static EncryptionLayer resumed(LinkSettings settings) {
        EncryptionLayer initial = initial(settings);
        return new EncryptionLayer(initial.ccp, null, false, Long.MAX_VALUE, null, false);
    }

    long deadline() {
        return Math.min(ccp.deadline(), patience);
    }
}
