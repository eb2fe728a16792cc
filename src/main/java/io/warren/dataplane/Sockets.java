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
    /** Octets of an address. */
    private static final int IPV6 = 16;

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

    /**
     * Index of the address for a local end: the one bound to just that address, else a wildcard one of that port and
     * family.
     */
    int indexOf(Endpoint local) {
        boolean ipv6 = local.address().length() == IPV6;
        int wildcard = -1;
        for (int index = 0; index * queues < sockets.size(); index++) {
            UdpSocket socket = get(index, 0);
            if (socket.localAddress().getPort() != local.port()) {
                continue;
            }
            if (Endpoint.of(socket.localAddress()).equals(local)) {
                return index;
            }
            if (socket.wildcard() && socket.ipv6() == ipv6) {
                wildcard = index;
            }
        }
        return wildcard;
    }

    /**
     * The same for an end as in {@link Ends}, without allocating anything; but of IPv6 only the one bound to just that
     * address: to leave from a wildcard one, a packet needs the address, which the end does not tell.
     */
    int indexOf(long local) {
        int wildcard = -1;
        for (int index = 0; index < ends.length; index++) {
            if (ends[index] == local) {
                return index;
            }
            if (Ends.isIpv4Wildcard(ends[index]) && !Ends.isIpv6(local) && Ends.port(ends[index]) == Ends.port(local)) {
                wildcard = index;
            }
        }
        return wildcard;
    }

    /** Index of the address for our end of a path, without allocating anything. */
    int indexOf(OuterPath path) {
        int index = indexOf(path.localEnd());
        for (int other = 0; index < 0 && other < ends.length; other++) {
            UdpSocket socket = get(other, 0);
            if (socket.wildcard() && socket.ipv6() == path.isIpv6() && Ends.port(ends[other]) == path.localPort) {
                index = other;
            }
        }
        return index;
    }

    /** An end as in {@link Ends} for which there is a socket. */
    Endpoint endpoint(long local) {
        return Ends.isIpv6(local) ? Endpoint.of(get(indexOf(local), 0).localAddress()) : Ends.endpoint(local);
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
        boolean sent = get(index, 0)
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
