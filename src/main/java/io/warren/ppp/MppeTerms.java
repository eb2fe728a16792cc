package io.warren.ppp;

import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import java.util.List;

/**
 * What authentication yields for encryption.
 *
 * @param keys for this end
 * @param required whether who authenticated the peer does not want it to go without
 * @param strengths that are allowed; the settings must allow them, too
 */
public record MppeTerms(MasterKeys keys, boolean required, List<Strength> strengths) {
    public MppeTerms {
        strengths = List.copyOf(strengths);
    }

    /** Where nothing is said but the keys. */
    public MppeTerms(MasterKeys keys) {
        this(keys, false, List.of(Strength.values()));
    }
}
