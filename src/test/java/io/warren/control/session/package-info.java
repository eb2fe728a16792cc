/** Tests of a call's life: tables of state and message, and whole calls between two ends in memory. */
@NullMarked
package io.warren.control.session;

import org.jspecify.annotations.NullMarked;
