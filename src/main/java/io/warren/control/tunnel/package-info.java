/** The control connection (RFC 2661 §5, §7.2): its decider, its journal events and the sharded entity around them. */
@NullMarked
package io.warren.control.tunnel;

import org.jspecify.annotations.NullMarked;
