/** Tests of the messages between nodes. */
@NullMarked
package io.warren.app.message;

import org.jspecify.annotations.NullMarked;
