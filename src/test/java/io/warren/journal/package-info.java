/** Tests of the journal: against real H2 files and, where it matters, a process that is killed. */
@NullMarked
package io.warren.journal;

import org.jspecify.annotations.NullMarked;
