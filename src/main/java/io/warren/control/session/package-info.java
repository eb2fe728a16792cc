/** One call (RFC 2661 §7.4) and the PPP link in it: decider, journal events and the sharded entity around them. */
@NullMarked
package io.warren.control.session;

import org.jspecify.annotations.NullMarked;
