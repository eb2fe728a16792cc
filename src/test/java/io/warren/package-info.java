/** Tests of the whole: who imports whom, and how the sources are laid out. */
@NullMarked
package io.warren;

import org.jspecify.annotations.NullMarked;
