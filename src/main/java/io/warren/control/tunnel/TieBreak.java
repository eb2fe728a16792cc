package io.warren.control.tunnel;

import io.warren.wire.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Two SCCRQs have crossed: which tunnel stays (RFC 2661 §4.4.3, Tie Breaker AVP). */
public enum TieBreak {
    /** Ours stays; their SCCRQ is silently discarded. */
    OURS,
    /** Theirs stays; ours is silently discarded. */
    THEIRS,
    /** Equal values: both are discarded. */
    NEITHER,
    /** Nobody asked for a single tunnel: there are two. */
    BOTH;

    /** The lower value wins; an end without a value loses against one with a value. */
    public static TieBreak decide(@Nullable Bytes ours, @Nullable Bytes theirs) {
        if (ours == null) {
            return theirs == null ? BOTH : THEIRS;
        }
        if (theirs == null) {
            return OURS;
        }
        int order = Arrays.compareUnsigned(ours.toByteArray(), theirs.toByteArray());
        if (order == 0) {
            return NEITHER;
        }
        return order < 0 ? OURS : THEIRS;
    }
}
