/**
 * The router and DHCPv6 server that a subscriber with IPv6 finds at our end of his link. Pure: packets in, packets out,
 * and nothing to remember, since all that a subscriber is told follows from what his call has. Leases nothing and sends
 * nothing itself.
 */
@NullMarked
package io.warren.control.ipv6;

import org.jspecify.annotations.NullMarked;
