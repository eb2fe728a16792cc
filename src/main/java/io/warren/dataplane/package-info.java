/**
 * User traffic: reads the UDP sockets and the TUN device, forwards data of established calls by the forwarding table,
 * and hands everything else, decoded, to the control plane as an Akka Streams source. Decides nothing: what may pass is
 * in the table, which the control plane writes. Loses all its memory at a restart, and may.
 *
 * <p>Up: {@code UdpSource}'s threads run an {@code Uplink} each, which gives packets to a {@code TunSink}; there {@code
 * Coalescing} makes large packets of a flow's small ones. Down: a {@code TunReader} for each queue of the device reads
 * packets, large ones too, which {@code Segmentation} cuts; {@code Downlink} finds their call, and {@code Outbox} lets
 * those for one peer leave as one send. A call's packets stay on one thread in each direction and so in order: the kernel
 * gives all datagrams of one peer to one socket, and all packets for one address to one queue of the device.
 *
 * <p>The threads that read the sockets belong to {@code UdpSource} but do not wait for its stream: after a restart packets
 * flow as soon as the table is back, seconds before there is an actor system.
 *
 * <p>Congestion marks (ECN) of the header around a packet are neither set nor looked at: that is the compatibility mode of
 * RFC 6040 §4.3 on the way down, and on the way up it relies on the peer's having that mode, too, which it must while we
 * do not say by RFC 9601 §6.1.1 that we carry marks inwards. To look at them would cost a control message for each packet.
 *
 * <p>In a cluster (see {@code ClusterPlane} and {@code Placement}) a packet that lands on another node than its call's is
 * relayed: each packet thread asks its {@code RelayOutbox} about what has no entry of ours, {@code RelayUplink} takes what
 * others relay, and {@code RelayPlane} knows who is there. Entries that we stand by with are used while their owner is
 * silent. A node by itself has none of this, and spends one look at a null for it.
 *
 * <p>Packets of a call with MPPE are decrypted before and encrypted after all else, in place and by the packet's thread:
 * what the device hands out as one large packet is cut first. {@code MppePath} holds keys and counts for as long as the
 * call's CCP stays open. They do not go to another node, nor into the journal, and would be of no use there: a key is
 * found by changing the first one as often as there were packets, nobody knows how many there were when a node is killed,
 * and a peer takes a count that lies behind its own, or 2,048 ahead, for one that comes too late. To open CCP anew would
 * begin at the first key again, so that two packets had one key stream, and pppd hangs up when CCP closes. So whoever goes
 * on with the call begins PPP anew with LCP, which yields other keys from another authentication ({@code
 * control.session.CallEncryption}); till then a standby's entry, which has no keys, lets nothing pass.
 *
 * <p>Where practice differs from what was planned: the kernel's own drops are asked for when somebody wants to know
 * (SO_MEMINFO, /proc/net/dev), since SO_RXQ_OVFL costs a control message for each packet; a batch of writes to the TUN
 * device is one io_uring system call, since a third of the cost of a write was the reader whom it woke; with many packets
 * threads pause to let them gather. What is left of the cost is the kernel's way from the TUN device to the next host.
 */
@NullMarked
package io.warren.dataplane;

import org.jspecify.annotations.NullMarked;
