package io.warren.dataplane;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ingress;
import io.warren.control.port.SessionPlane;
import io.warren.sys.PacketBuffers;
import io.warren.sys.TunDevice;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembles the forwarding plane: sockets, TUN device, table, threads. Packets to subscribers flow from
 * {@link #open} on; packets from peers flow while a stream of {@link #packets} runs.
 */
public final class DataPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    /** For a datagram with headers and options beyond the MTU, and for control packets that are long. */
    private static final int SMALLEST_BUFFER = 4_096;

    private static final int HEADERS = 128;

    private final DataPlaneSettings settings;
    private final Drops drops = new Drops(System::nanoTime);
    private final List<UdpSocket> bound;
    private final Sockets sockets;
    private final @Nullable TunDevice tun;
    private final ForwardingTable table;
    private final UdpSource source;
    private final @Nullable Thread tunThread;
    private volatile boolean closed;

    private DataPlane(
            DataPlaneSettings settings, List<UdpSocket> bound, @Nullable TunDevice tun, PacketListener listener) {
        this.settings = settings;
        this.bound = bound;
        this.tun = tun;
        this.sockets = new Sockets(bound, drops, listener);
        this.table = new ForwardingTable(sockets::indexOf, settings.mtu());
        PuntQueues punts = new PuntQueues(settings.controlQueue(), settings.frameQueue());
        List<Uplink> uplinks = new ArrayList<>();
        for (UdpSocket socket : bound) {
            uplinks.add(new Uplink(socket, table, network(), punts, drops, listener, buffers()));
        }
        this.source = new UdpSource(uplinks, punts, drops, settings.secret());
        this.tunThread = tun == null ? null : startTunThread(tun);
    }

    /** Opens everything, without a listener. */
    public static DataPlane open(DataPlaneSettings settings) throws IOException {
        return open(settings, PacketListener.NONE);
    }

    /**
     * Opens everything or nothing.
     *
     * @throws IOException saying what cannot be opened, why, and what would help
     */
    public static DataPlane open(DataPlaneSettings settings, PacketListener listener) throws IOException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            List<UdpSocket> sockets = new ArrayList<>();
            for (Endpoint endpoint : settings.listen()) {
                UdpSocket socket =
                        UdpSocket.bind(endpoint.toSocketAddress(), settings.receiveBuffer(), settings.sendBuffer());
                opened.add(socket);
                sockets.add(socket);
                warnOfSmallBuffers(settings, socket);
            }
            TunDevice tun = null;
            String name = settings.tunName();
            if (name != null) {
                tun = TunDevice.open(name);
                opened.add(tun);
                tun.configure(settings.gateway(), settings.mtu());
                for (DataPlaneSettings.Route route : settings.routes()) {
                    tun.addRoute(route.network(), route.prefixLength());
                }
            }
            return new DataPlane(settings, List.copyOf(sockets), tun, listener);
        } catch (IOException | RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    /** The forwarding table as the control plane writes it. */
    public SessionPlane sessions() {
        return table;
    }

    /** The forwarding table itself: for listeners and counts. */
    public ForwardingTable table() {
        return table;
    }

    /** Sends datagrams of the control plane. Thread-safe; failures are counted. */
    public ControlTransport transport() {
        return sockets;
    }

    /**
     * Everything that the control plane has to see. One stream at a time; it fails when a socket does, and completes
     * at {@link #close}.
     */
    public Source<Ingress, NotUsed> packets() {
        return Source.fromGraph(source);
    }

    /** Starts to forward what peers send; what is for the control plane waits for its stream. */
    public void start() {
        source.start();
    }

    /** Where we listen, with the port that was really bound. */
    public List<Endpoint> listening() {
        return bound.stream().map(socket -> Endpoint.of(socket.localAddress())).toList();
    }

    public boolean udpBound() {
        return !closed;
    }

    /** Whether the TUN device is up now. Always true with the null plane. */
    public boolean tunUp() {
        return !closed && (tun == null || tun.isUp());
    }

    /** Whether there is no TUN device and only the gateway address answers. */
    public boolean nullPlane() {
        return tun == null;
    }

    /** Dropped packets by reason; every reason is there, also with 0. */
    public Map<String, Long> drops() {
        return drops.byReason();
    }

    /** The packet threads' work so far, one for each thread. */
    public List<WorkerFigures> workers() {
        return List.of();
    }

    /** Which offloads are in use. */
    public Offloads offloads() {
        return new Offloads(false, false, false, false, 1);
    }

    /** Ends the stream and all threads, and gives back sockets and device. Takes a fifth of a second at most. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            source.close();
            if (tunThread != null) {
                tunThread.join();
            }
        } catch (InterruptedException e) {
            // Threads may still use the descriptors: the process's end will close them.
            Thread.currentThread().interrupt();
            return;
        }
        bound.forEach(UdpSocket::close);
        if (tun != null) {
            tun.close();
        }
    }

    private IpSink network() {
        return tun == null ? new EchoResponder(settings.gateway(), downlink(null)) : new TunSink(tun);
    }

    private Downlink downlink(@Nullable IpSink complaints) {
        return new Downlink(table, sockets, drops, settings.gateway(), complaints, buffers());
    }

    private PacketBuffers buffers() {
        int capacity = Math.max(SMALLEST_BUFFER, settings.mtu() + HEADERS);
        return new PacketBuffers(settings.batchSize(), Encapsulate.HEADROOM, capacity);
    }

    private Thread startTunThread(TunDevice device) {
        TunReader reader = new TunReader(device, downlink(new TunSink(device)));
        return Thread.ofPlatform().daemon().name("warren-down").start(() -> {
            try {
                reader.run(() -> !closed);
            } catch (Throwable e) {
                LOG.error("packets to subscribers are no longer forwarded", e);
            }
        });
    }

    private static void warnOfSmallBuffers(DataPlaneSettings settings, UdpSocket socket) {
        if (socket.receiveBuffer() < settings.receiveBuffer() || socket.sendBuffer() < settings.sendBuffer()) {
            LOG.warn(
                    "{}: the kernel granted socket buffers of {} (receive) and {} (send) octets instead of {} and {}: "
                            + "packets may be lost in bursts; raise net.core.rmem_max and wmem_max, or give "
                            + "CAP_NET_ADMIN",
                    socket,
                    socket.receiveBuffer(),
                    socket.sendBuffer(),
                    settings.receiveBuffer(),
                    settings.sendBuffer());
        }
    }

    private static void closeAll(List<AutoCloseable> opened) {
        for (AutoCloseable resource : opened.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("while giving up", e);
            }
        }
    }
}
