package io.warren.control.tunnel;

import io.warren.control.Moment;

/** Decides for one control connection; owns no timer, socket or actor. RFC 2661 §7.2. */
public final class TunnelDecider {
    private TunnelDecider() {}

    public static TunnelDecision decide(TunnelState state, TunnelInput input, TunnelSettings settings, Moment moment) {
        throw new UnsupportedOperationException();
    }

    /** Folds an event of the journal into the state. Pure, and equal to what {@link #decide} said then. */
    public static TunnelState evolve(TunnelState state, TunnelEvent event) {
        throw new UnsupportedOperationException();
    }

    /** When {@link TunnelInput.Tick} is due next, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never. */
    public static long deadline(TunnelState state) {
        throw new UnsupportedOperationException();
    }
}
