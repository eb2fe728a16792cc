/**
 * The command {@code warren} as an operator types it: shows and ends tunnels and calls over the management HTTP
 * interface. Knows nothing of a node but its JSON; the commands that start or dial one are added by the composition
 * root.
 */
@NullMarked
package io.warren.cli;

import org.jspecify.annotations.NullMarked;
