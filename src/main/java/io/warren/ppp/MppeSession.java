package io.warren.ppp;

import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;

/**
 * The encryption that a link has: from CCP's opening on, until CCP opens again.
 *
 * @param id differs from that of the link's other sessions, which may have the same keys but begin at their first ones
 */
public record MppeSession(MasterKeys keys, Strength strength, long id) {}
