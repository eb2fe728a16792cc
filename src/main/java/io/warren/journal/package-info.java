/**
 * The journal: how events become rows, and rows the state of a starting node. Codec, H2 by akka-persistence-jdbc, bulk
 * reading at start, history and retention. Decides nothing about calls and starts no entity.
 */
@NullMarked
package io.warren.journal;

import org.jspecify.annotations.NullMarked;
