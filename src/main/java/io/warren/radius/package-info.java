/**
 * Subscribers at RADIUS servers: who may call (RFC 2865), what was used (RFC 2866), and changes from outside (RFC 5176).
 * The octets are a library's work; which server is asked, when again, and what is believed is decided here. Knows no
 * actors and no tunnels.
 */
@NullMarked
package io.warren.radius;

import org.jspecify.annotations.NullMarked;
