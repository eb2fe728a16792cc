/**
 * The management HTTP interface: our routes under {@code /l2tp} and {@code /metrics}, served by Akka Management beside
 * {@code /alive}, {@code /ready} and the cluster's. Looks at the node through {@link
 * io.warren.management.NodeQueries}; holds no state of calls and knows no secrets.
 */
@NullMarked
package io.warren.management;

import org.jspecify.annotations.NullMarked;
