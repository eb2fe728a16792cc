/** The nodes of a cluster among each other: which shard is where, and who forwards for whom. */
@NullMarked
package io.warren.control.cluster;

import org.jspecify.annotations.NullMarked;
