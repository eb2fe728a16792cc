/** Tests of the reader, the writer and of immutable bytes. */
@NullMarked
package io.warren.wire;

import org.jspecify.annotations.NullMarked;
