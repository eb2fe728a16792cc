package io.warren.control.tunnel;

import io.warren.wire.l2tp.FailoverCapability;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What we do for peers that fail and come back (RFC 4951).
 *
 * @param longestRecovery the most that is granted of the Recovery Time for which a peer asks
 */
public record FailoverSettings(Use use, Duration longestRecovery) {
    public static final FailoverSettings OFF = new FailoverSettings(Use.OFF, Duration.ZERO);

    /**
     * We do not need help ourselves, so we ask for no time; and our end follows a peer that numbers its data packets
     * anew.
     */
    private static final FailoverCapability OURS = new FailoverCapability(true, true, 0);

    /** When we send a Failover Capability AVP. */
    public enum Use {
        OFF,
        /** In an SCCRP, when the peer's SCCRQ has one. */
        ANSWER,
        /** In our SCCRQ, too. */
        OFFER
    }

    /** Ours, for an SCCRQ. */
    @Nullable
    FailoverCapability offered() {
        return use == Use.OFFER ? OURS : null;
    }

    /** Ours, for the SCCRP to an SCCRQ that had this one. */
    @Nullable
    FailoverCapability answered(@Nullable FailoverCapability theirs) {
        return use == Use.OFF || theirs == null ? null : OURS;
    }

    /** The peer's, if both ends have said that a control channel can be recovered; else null. */
    static @Nullable FailoverCapability agreed(@Nullable FailoverCapability ours, @Nullable FailoverCapability theirs) {
        return ours != null && theirs != null && theirs.controlChannel() ? theirs : null;
    }

    /** For how long a silent peer with this capability is waited for, beyond the usual. */
    Duration patience(FailoverCapability theirs) {
        Duration asked = Duration.ofMillis(theirs.recoveryMillis());
        return asked.compareTo(longestRecovery) < 0 ? asked : longestRecovery;
    }
}
