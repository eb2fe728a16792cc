/**
 * The end that dials: a LAC client without actors and journal, one thread around the same pure deciders as the node. It
 * makes a call, moves packets, pings and hangs up. It takes no calls from others and remembers nothing.
 */
@NullMarked
package io.warren.client;

import org.jspecify.annotations.NullMarked;
