/**
 * The configuration of a node: {@link io.warren.config.Settings} as nested records, read from a HOCON file with all
 * mistakes reported together. Knows no protocol and opens nothing but the files that it reads.
 */
@NullMarked
package io.warren.config;

import org.jspecify.annotations.NullMarked;
