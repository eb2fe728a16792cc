/**
 * Who may call, from a users file, and which address he gets: the {@code SubscriberAccess} of a node without RADIUS,
 * with the pools in memory of a node by itself. No actor, no journal: what is leased is told to it again after a
 * restart. The addresses of a cluster are in {@code control.cluster.address}.
 */
@NullMarked
package io.warren.control.access;

import org.jspecify.annotations.NullMarked;
