/** Bytes to values and back: the bounds-checked reader and writer that every codec uses. No protocol knowledge. */
@NullMarked
package io.warren.wire;

import org.jspecify.annotations.NullMarked;
