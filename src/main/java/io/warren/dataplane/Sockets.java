package io.warren.dataplane;

import io.warren.control.port.ControlTransport;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.sys.AddressBits;
import io.warren.sys.UdpSocket;
import java.util.List;

/**
 * The bound sockets, and which one speaks for an address of ours: for each address one, or several that share it, one
 * for each queue. Sends the control plane's datagrams.
 */
final class Sockets implements ControlTransport {
    private final List<UdpSocket> sockets;
    private final int queues;
    private final Drops drops;
    private final PacketListener listener;

    /** What each address is bound to, see {@link Ends}. */
    private final long[] ends;

    /** @param sockets those of the first address, as many as there are {@code queues}, then those of the next */
    Sockets(List<UdpSocket> sockets, int queues, Drops drops, PacketListener listener) {
        this.sockets = List.copyOf(sockets);
        this.queues = queues;
        this.drops = drops;
        this.listener = listener;
        this.ends = new long[sockets.size() / queues];
        for (int index = 0; index < ends.length; index++) {
            ends[index] = Ends.of(Endpoint.of(get(index, 0).localAddress()));
        }
    }

    UdpSocket get(int address, int queue) {
        return sockets.get(address * queues + queue);
    }

    /** Index of the address for a local end: the one bound to just that address, else a wildcard one of that port. */
    int indexOf(Endpoint local) {
        int wildcard = -1;
        for (int index = 0; index * queues < sockets.size(); index++) {
            UdpSocket socket = get(index, 0);
            if (socket.localAddress().getPort() != local.port()) {
                continue;
            }
            if (Endpoint.of(socket.localAddress()).equals(local)) {
                return index;
            }
            if (socket.wildcard()) {
                wildcard = index;
            }
        }
        return wildcard;
    }

    /** The same for an end as in {@link Ends}, without allocating anything. */
    int indexOf(long local) {
        int wildcard = -1;
        for (int index = 0; index < ends.length; index++) {
            if (ends[index] == local) {
                return index;
            }
            if (Ends.address(ends[index]) == 0 && Ends.port(ends[index]) == Ends.port(local)) {
                wildcard = index;
            }
        }
        return wildcard;
    }

    /** Tells the listener of a datagram that leaves elsewhere. */
    void tell(PeerPath path, byte[] datagram) {
        if (listener.enabled()) {
            listener.sent(path, datagram);
        }
    }

    @Override
    public void send(PeerPath path, byte[] datagram) {
        int index = indexOf(path.local());
        if (index < 0) {
            drops.count(DropReason.NO_SOCKET, () -> "to " + path.remote() + " from " + path.local());
            return;
        }
        tell(path, datagram);
        byte[] remote = path.remote().address().toByteArray();
        byte[] local = path.local().address().toByteArray();
        boolean named = !path.local().toSocketAddress().getAddress().isAnyLocalAddress();
        boolean sent = remote.length == 4
                && get(index, 0)
                        .sendNow(
                                datagram,
                                named ? AddressBits.high(local) : 0,
                                named ? AddressBits.low(local) : 0,
                                AddressBits.high(remote),
                                AddressBits.low(remote),
                                path.remote().port());
        if (!sent) {
            drops.count(DropReason.SEND_FAILED, () -> "to " + path.remote() + " from " + path.local());
        }
    }
}
