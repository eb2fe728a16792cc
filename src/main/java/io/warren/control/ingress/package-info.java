/**
 * The way in: which entity a packet belongs to, which ids are free, who lives on this node, and what is turned away
 * before any state is made of it.
 *
 * <p>Akka's remembered entities are not used: the bulk read of the journal knows already who lives, without a write for
 * each tunnel, and {@code CallRecovery} wakes them at a pace that a shard would not keep.
 */
@NullMarked
package io.warren.control.ingress;

import org.jspecify.annotations.NullMarked;
