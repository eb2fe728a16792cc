package io.warren.dataplane;

import io.warren.control.port.ControlTransport;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.sys.AddressBits;
import io.warren.sys.UdpSocket;
import java.util.List;

/** The bound sockets, and which one speaks for an address of ours. Sends the control plane's datagrams. */
final class Sockets implements ControlTransport {
    private final List<UdpSocket> sockets;
    private final Drops drops;
    private final PacketListener listener;

    Sockets(List<UdpSocket> sockets, Drops drops, PacketListener listener) {
        this.sockets = List.copyOf(sockets);
        this.drops = drops;
        this.listener = listener;
    }

    UdpSocket get(int index) {
        return sockets.get(index);
    }

    int count() {
        return sockets.size();
    }

    /** Index of the socket for a local end: the one bound to just that address, else a wildcard one of that port. */
    int indexOf(Endpoint local) {
        int wildcard = -1;
        for (int index = 0; index < sockets.size(); index++) {
            UdpSocket socket = sockets.get(index);
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

    @Override
    public void send(PeerPath path, byte[] datagram) {
        int index = indexOf(path.local());
        if (index < 0) {
            drops.count(DropReason.NO_SOCKET, () -> "to " + path.remote() + " from " + path.local());
            return;
        }
        if (listener.enabled()) {
            listener.sent(path, datagram);
        }
        byte[] remote = path.remote().address().toByteArray();
        byte[] local = path.local().address().toByteArray();
        boolean named = !path.local().toSocketAddress().getAddress().isAnyLocalAddress();
        boolean sent = remote.length == 4
                && sockets.get(index)
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
