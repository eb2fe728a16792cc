/**
 * What makes nodes one concentrator: who owns which shard, and what the others must know of it. The packets themselves
 * are the forwarding plane's.
 */
@NullMarked
package io.warren.control.cluster;

import org.jspecify.annotations.NullMarked;
