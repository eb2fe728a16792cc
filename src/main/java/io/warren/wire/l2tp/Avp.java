package io.warren.wire.l2tp;

import io.warren.wire.Bytes;

/**
 * An AVP that no record names: unknown, optional, or another vendor's (RFC 2661 §4.1). Kept as it came.
 *
 * @param vendorId SMI enterprise code, 0 for the IETF
 */
public record Avp(boolean mandatory, int vendorId, int type, Bytes value) {}
