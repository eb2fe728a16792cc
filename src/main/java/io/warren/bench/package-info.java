/**
 * {@code warren bench}: measures an LNS, Warren's node or Debian's l2tpns, in network namespaces of its own, and checks
 * every packet that comes through. One process conducts; three more generate and judge the traffic, each in its namespace.
 * Not a test of the protocol, and no part of a node.
 */
@NullMarked
package io.warren.bench;

import org.jspecify.annotations.NullMarked;
