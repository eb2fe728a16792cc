/**
 * L2TPv2 on the wire (RFC 2661 §3 to §6, RFC 3145, RFC 5515): headers, control messages and AVPs, as tables and
 * records, with their codec. No automaton, no sequence numbers kept, no I/O.
 */
@NullMarked
package io.warren.wire.l2tp;

import org.jspecify.annotations.NullMarked;
