/**
 * Who may call, from a users file, and which address he gets, from pools in memory: the {@code SubscriberAccess} of a
 * node without RADIUS. No actor, no journal: what is leased is told to it again after a restart.
 */
@NullMarked
package io.warren.control.access;

import org.jspecify.annotations.NullMarked;
