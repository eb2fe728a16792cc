/** Tests of the L2TP codec: golden packets, malformed input, random round trips, and the known pitfalls. */
@NullMarked
package io.warren.wire.l2tp;

import org.jspecify.annotations.NullMarked;
