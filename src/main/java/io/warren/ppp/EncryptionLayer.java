package io.warren.ppp;

import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.ppp.PppProtocol;
import org.jspecify.annotations.Nullable;

/**
 * CCP of a link, for MPPE or Deflate. What an input does to it is worked out by {@link EncryptionTurn}.
 *
 * @param keys that authentication yielded for this end; null: none, and no MPPE
 * @param required whether nothing may flow without it
 * @param patience until when the network control protocols wait for it; {@link Long#MAX_VALUE}: they do not
 * @param session what CCP has opened; null: nothing is encrypted
 * @param encrypted whether there was a session since LCP is up: then nothing flows in the clear while CCP is negotiated anew
 * @param compression Deflate, where there is no MPPE
 */
record EncryptionLayer(
        ControlProtocol<CcpNegotiation> ccp,
        @Nullable MasterKeys keys,
        boolean required,
        long patience,
        @Nullable MppeSession session,
        boolean encrypted,
        Compression compression) {
    static EncryptionLayer initial(LinkSettings settings) {
        return new EncryptionLayer(
                ControlProtocol.initial(PppProtocol.CCP, settings, CcpNegotiation.of(settings.deflate())),
                null,
                settings.mppe().use() == MppePolicy.Use.REQUIRE,
                Long.MAX_VALUE,
                null,
                false,
                Compression.NONE);
    }

    /**
     * Of a link that goes on as it was before a restart: in the clear. A peer may still compress, with a history that is
     * gone here: then CCP begins anew when the first such packet comes, and in any case where there must be compression.
     *
     * @param retry when a protocol that was not open is tried again
     */
    static EncryptionLayer resumed(LinkSettings settings, long retry) {
        CcpNegotiation negotiation = CcpNegotiation.of(settings.deflate());
        ControlProtocol<CcpNegotiation> ccp = switch (settings.deflate().use()) {
            case OFF -> ControlProtocol.initial(PppProtocol.CCP, settings, negotiation);
            case ALLOW, PREFER -> ControlProtocol.listening(PppProtocol.CCP, settings, negotiation);
            case REQUIRE -> ControlProtocol.retrying(PppProtocol.CCP, settings, negotiation, retry);
        };
        return new EncryptionLayer(ccp, null, false, Long.MAX_VALUE, null, false, Compression.RESUMED);
    }

    long deadline() {
        return Math.min(ccp.deadline(), patience);
    }

    /**
     * @param session what CCP has opened; null: nothing is compressed
     * @param resumed whether the link goes on after a restart, and CCP was not heard of since
     * @param nextReset when the peer may be asked to begin anew again, in monotonic nanoseconds
     * @param resets how often it may yet be asked
     */
    record Compression(@Nullable DeflateSession session, boolean resumed, long nextReset, Renewals resets) {
        static final Compression NONE = new Compression(null, false, Long.MIN_VALUE, Renewals.ALL);
        static final Compression RESUMED = new Compression(null, true, Long.MIN_VALUE, Renewals.ALL);

        Compression with(@Nullable DeflateSession other) {
            return new Compression(other, false, Long.MIN_VALUE, resets);
        }

        Compression asked(long next, Renewals left) {
            return new Compression(session, resumed, next, left);
        }
    }
}
