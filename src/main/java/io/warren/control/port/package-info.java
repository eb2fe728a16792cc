/** What the control plane needs from the world, and what the world hands to it. Interfaces and values only. */
@NullMarked
package io.warren.control.port;

import org.jspecify.annotations.NullMarked;
