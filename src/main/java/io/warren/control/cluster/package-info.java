/**
 * Who owns which shard of the calls, who stands by for it, how all nodes come to know it, and how the calls of a shard
 * come back where it goes. Forwarding between nodes is in {@code dataplane}, behind {@code ClusterPlane}; forming the
 * cluster is in {@code app}.
 */
@NullMarked
package io.warren.control.cluster;

import org.jspecify.annotations.NullMarked;
