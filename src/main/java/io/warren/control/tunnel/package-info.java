/**
 * The control connection (RFC 2661 §5, §7.2): its decider, its journal events and the sharded entity around them.
 *
 * <p>That a call was offered stands in the journal of its tunnel, not of its session: there the Ns of our ICRP is given,
 * and one write serves both. A message that needs no number of its own in the journal (HELLO, ZLB) gets none.
 */
@NullMarked
package io.warren.control.tunnel;

import org.jspecify.annotations.NullMarked;
