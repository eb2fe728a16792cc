/** The composition root: builds a node from its parts and starts it. Nothing imports it. */
@NullMarked
package io.warren.app;

import org.jspecify.annotations.NullMarked;
