/**
 * The control connection (RFC 2661 §5, §7.2): its decider, its journal events and the sharded entity around them.
 *
 * <p>That a call was offered stands in the journal of its tunnel, not of its session: there the Ns of our ICRP is given,
 * and one write serves both. A message that needs no number of its own in the journal (HELLO, ZLB) gets none.
 *
 * <p>Of the failover extensions (RFC 4951) this is the remote endpoint: a peer that fails may take its time, recover its
 * tunnel and compare its calls with ours. It is never the recovery endpoint: what a node of ours needs to go on with a
 * tunnel is in the journal, and the peer does not notice.
 */
@NullMarked
package io.warren.control.tunnel;

import org.jspecify.annotations.NullMarked;
