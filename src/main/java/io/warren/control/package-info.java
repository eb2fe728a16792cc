/**
 * The control plane: which tunnels and calls exist and may talk. Pure deciders inside thin Akka shells. Moves no user
 * packet and opens no socket: the world is behind {@code control.port}.
 */
@NullMarked
package io.warren.control;

import org.jspecify.annotations.NullMarked;
