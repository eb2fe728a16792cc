/**
 * User traffic: reads the UDP sockets and the TUN device, forwards data of established calls by the forwarding table,
 * and hands everything else, decoded, to the control plane as an Akka Streams source. Decides nothing: what may pass is
 * in the table, which the control plane writes. Loses all its memory at a restart, and may.
 *
 * <p>The threads that read the sockets belong to {@code UdpSource} but do not wait for its stream: after a restart packets
 * flow as soon as the table is back, seconds before there is an actor system.
 */
@NullMarked
package io.warren.dataplane;

import org.jspecify.annotations.NullMarked;
