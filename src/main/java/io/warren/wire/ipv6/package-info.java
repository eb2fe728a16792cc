/**
 * The IPv6 packets that the two ends of a subscriber's link exchange between themselves: neighbour discovery, echo and
 * DHCPv6. Bytes to values and back, no behaviour. What is forwarded never comes here.
 */
@NullMarked
package io.warren.wire.ipv6;

import org.jspecify.annotations.NullMarked;
