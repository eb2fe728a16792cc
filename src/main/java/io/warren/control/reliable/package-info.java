/** Reliable delivery of control messages (RFC 2661 §5.8, appendix A), as a pure value. */
@NullMarked
package io.warren.control.reliable;

import org.jspecify.annotations.NullMarked;
