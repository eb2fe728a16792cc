package io.warren.wire.l2tp;

import io.warren.wire.Bytes;

/** How to hide the AVPs that may be hidden (RFC 2661 §4.3). */
public record Hiding(TunnelSecret secret, Bytes randomVector) {}
