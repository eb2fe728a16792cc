/**
 * The way in: which entity a packet belongs to, which ids are free, who lives on this node, and what is turned away
 * before any state is made of it.
 */
@NullMarked
package io.warren.control.ingress;

import org.jspecify.annotations.NullMarked;
