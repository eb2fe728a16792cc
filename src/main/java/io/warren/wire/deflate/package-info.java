/**
 * Deflate compression of PPP packets (RFC 1979): what one end sends and what it receives, each with a history of its own.
 * No negotiation and no locks: see {@code ppp} and {@code dataplane}.
 */
@NullMarked
package io.warren.wire.deflate;

import org.jspecify.annotations.NullMarked;
