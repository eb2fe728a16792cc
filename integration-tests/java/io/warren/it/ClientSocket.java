package io.warren.it;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;

/**
 * The UDP socket of a client, on a port that the system chooses (RFC 2661 §8.1), so that it can run beside a node. It is
 * not connected: the peer may answer from another port.
 */
final class ClientSocket implements AutoCloseable {
    /** Takes what arrives. */
    @FunctionalInterface
    interface Receiver {
        void received(PeerPath path, byte[] datagram);
    }

    private static final int BUFFER = 4 << 20;

    private final DatagramChannel channel;
    private final Selector selector;
    private final Endpoint local;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_535);

    private ClientSocket(DatagramChannel channel, Selector selector, Endpoint local) {
        this.channel = channel;
        this.selector = selector;
        this.local = local;
    }

    /** Bound to the address from which the route to {@code peer} leaves. */
    static ClientSocket towards(InetSocketAddress peer) throws IOException {
        InetAddress from = UdpSocket.addressTowards(peer);
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            channel.bind(new InetSocketAddress(from, 0));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            Endpoint local = Endpoint.of((InetSocketAddress) channel.getLocalAddress());
            return new ClientSocket(channel, selector, local);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    PeerPath pathTo(InetSocketAddress peer) {
        return new PeerPath(local, Endpoint.of(peer));
    }

    /** A datagram that cannot leave is lost, as any may be. */
    void send(PeerPath path, byte[] datagram) {
        try {
            channel.send(ByteBuffer.wrap(datagram), path.remote().toSocketAddress());
        } catch (IOException e) {
            // ECONNREFUSED and the like: the peer may yet come back, and the retransmission policy decides.
            return;
        }
    }

    /** Waits for datagrams, for {@link #wakeUp} or for the time to pass, and hands over what came. */
    void await(Duration most, Receiver receiver) throws IOException {
        // 0 would mean for ever.
        selector.select(Math.max(1, most.toMillis()));
        selector.selectedKeys().clear();
        for (boolean more = true; more; ) {
            more = receive(receiver);
        }
    }

    private boolean receive(Receiver receiver) throws IOException {
        buffer.clear();
        InetSocketAddress from;
        try {
            from = (InetSocketAddress) channel.receive(buffer);
        } catch (java.net.PortUnreachableException e) {
            return true;
        }
        if (from == null) {
            return false;
        }
        byte[] datagram = new byte[buffer.flip().remaining()];
        buffer.get(datagram);
        receiver.received(new PeerPath(local, Endpoint.of(from)), datagram);
        return true;
    }

    /** Ends a wait, from any thread. */
    void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
