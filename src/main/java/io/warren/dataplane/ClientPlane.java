package io.warren.dataplane;

import io.warren.control.port.ControlTransport;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ingress;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SessionPlane;
import io.warren.sys.PacketBuffers;
import io.warren.sys.TunDevice;
import io.warren.sys.UdpSocket;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The forwarding plane of a client: one UDP socket, on a port that the system chooses (RFC 2661 §8.1), and a TUN device
 * once a call is up. What is not forwarded goes to the thread that calls {@link #await}, without actors or streams.
 */
public final class ClientPlane implements AutoCloseable {
    /** Takes what is not forwarded. */
    public interface Receiver {
        /** A control packet; only its header has been looked at. */
        void control(PeerPath path, byte[] datagram);

        /** A PPP frame of a call that has no entry in {@link #sessions}, or one that is not IP. */
        void frame(PeerPath path, SessionKey key, Bytes frame);
    }

    private static final int BUFFER = 4 << 20;
    private static final int BATCH = 64;
    private static final int QUEUE = 1_024;
    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int LINK_MTU = 1_500;

    private final UdpSocket socket;
    private final Endpoint local;
    private final Drops drops = new Drops(System::nanoTime);
    private final PuntQueues punts = new PuntQueues(QUEUE, QUEUE);
    private final Semaphore arrived = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private final Sockets sockets;
    private final ForwardingTable table;
    private final Switch network = new Switch();
    private @Nullable TunDevice tun;
    private volatile boolean closed;

    private ClientPlane(UdpSocket socket) {
        this.socket = socket;
        this.local = Endpoint.of(socket.localAddress());
        this.sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
        this.table = new ForwardingTable(sockets::indexOf, LINK_MTU);
        Uplink arriving = new Uplink(
                socket,
                table,
                network,
                punts,
                drops,
                PacketListener.NONE,
                new PacketBuffers(BATCH, 0, LARGEST_DATAGRAM),
                new WorkMeter("from-peer", System.nanoTime()));
        punts.attach(arrived::release);
        start("warren-from-peer", () -> arriving.run(() -> !closed));
    }

    /** Bound to the address from which the route to {@code peer} leaves. */
    public static ClientPlane towards(InetSocketAddress peer) throws IOException {
        InetSocketAddress from = new InetSocketAddress(UdpSocket.addressTowards(peer), 0);
        return new ClientPlane(UdpSocket.bind(from, new UdpSocket.Options(BUFFER, BUFFER, false, true)));
    }

    public PeerPath pathTo(InetSocketAddress peer) {
        return new PeerPath(local, Endpoint.of(peer));
    }

    public ControlTransport transport() {
        return sockets;
    }

    /** Calls with an entry here are forwarded from and to the TUN device. */
    public SessionPlane sessions() {
        return table;
    }

    /**
     * Makes the TUN device; packets flow for the calls that have an entry.
     *
     * @param address ours
     * @param peer the other end of the link, which is routed to the device
     */
    public void openTun(String name, int address, int peer, int mtu) throws IOException {
        TunDevice device = TunDevice.open(name, 1, true);
        try {
            device.configure(address, mtu);
            device.addRoute(peer, 32);
        } catch (IOException e) {
            device.close();
            throw e;
        }
        tun = device;
        network.sink = TunSink.of(device, 0, BATCH, table, drops);
        Outbox outbox = new Outbox(sockets, 0, drops, socket.canSegment());
        DataPlaneSettings.Forwarding forwarding = DataPlaneSettings.Forwarding.DEFAULT;
        TunSink complaints = TunSink.of(device, 0, 1, table, drops);
        Downlink leaving = new Downlink(table, outbox, drops, forwarding, address, complaints);
        WorkMeter meter = new WorkMeter("to-peer", System.nanoTime());
        TunReader reader = new TunReader(device.queues().getFirst(), leaving, drops, meter, BATCH);
        start("warren-to-peer", () -> reader.run(() -> !closed));
    }

    /** Waits for something that is not forwarded, for {@link #wakeUp} or for the time to pass, and hands over what came. */
    public void await(Duration most, Receiver receiver) {
        if (hand(receiver) || !punts.becomeIdle()) {
            return;
        }
        try {
            if (arrived.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
                arrived.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hand(receiver);
    }

    private boolean hand(Receiver receiver) {
        List<PuntQueues.ControlDatagram> control = new ArrayList<>();
        punts.drainControl(control);
        control.forEach(datagram -> receiver.control(datagram.path, datagram.octets));
        List<Ingress.FrameArrived> frames = new ArrayList<>();
        punts.drainFrames(frames);
        frames.forEach(frame -> receiver.frame(frame.path(), frame.key(), frame.frame()));
        return !control.isEmpty() || !frames.isEmpty();
    }

    /** Ends a wait, from any thread. */
    public void wakeUp() {
        arrived.release();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            // Threads may still use the descriptors: the process's end will close them.
            Thread.currentThread().interrupt();
            return;
        }
        socket.close();
        if (tun != null) {
            tun.close();
        }
    }

    private interface Loop {
        void run() throws IOException;
    }

    private void start(String name, Loop loop) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                loop.run();
            } catch (IOException e) {
                // The device or the socket went down under us: the call's own keepalive will tell.
                wakeUp();
            }
        }));
    }

    /** There is no network before there is a device. */
    private static final class Switch implements IpSink {
        private volatile @Nullable IpSink sink;

        @Override
        public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
            IpSink target = sink;
            return target == null ? DropReason.NOT_FOR_NULL_PLANE : target.take(memory, at, length, session);
        }

        @Override
        public void flush() {
            IpSink target = sink;
            if (target != null) {
                target.flush();
            }
        }

        @Override
        public void discard() {
            IpSink target = sink;
            if (target != null) {
                target.discard();
            }
        }
    }
}
