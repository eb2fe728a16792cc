package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import java.util.Map;

/**
 * What the LAC says of the subscriber's line (RFC 5515 §5): circuit and remote ids, rates, delays, encapsulation.
 * Keyed by the AVP; which type each holds is in the AVP table.
 */
public record AccessLine(Map<AvpType, Bytes> attributes) {
    public static final AccessLine NONE = new AccessLine(Map.of());

    public AccessLine {
        attributes = Map.copyOf(attributes);
    }
}
