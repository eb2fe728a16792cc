package io.warren.ppp;

import io.warren.wire.mppe.Strength;
import java.util.List;

/**
 * Whether a link is encrypted, as far as its settings say.
 *
 * @param use when
 * @param strengths that may be agreed upon, best first
 */
public record MppePolicy(Use use, List<Strength> strengths) {
    public static final MppePolicy OFF = new MppePolicy(Use.OFF, List.of());

    /** When a link is encrypted. */
    public enum Use {
        /** Never: CCP is not spoken. */
        OFF,
        /** When the peer asks for it. */
        ALLOW,
        /** When the peer can. */
        PREFER,
        /** Always: no packet flows before, and a peer that cannot has no link. */
        REQUIRE
    }

    public MppePolicy {
        strengths = List.copyOf(strengths);
    }
}
