/** Tests of the users file and the address pools. */
@NullMarked
package io.warren.control.access;

import org.jspecify.annotations.NullMarked;
