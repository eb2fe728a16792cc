package io.warren.dataplane;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ingress;
import io.warren.control.port.SessionPlane;
import io.warren.sys.PacketBuffers;
import io.warren.sys.TunDevice;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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

    /** What the kernel may make of many. */
    private static final int LARGEST_DATAGRAM = 65_535;

    private final DataPlaneSettings settings;
    private final Drops drops = new Drops(System::nanoTime);
    private final List<UdpSocket> bound;

    /** One for each queue; none when there is no cluster. */
    private final List<UdpSocket> relaySockets;

    private final @Nullable RelayPlane relay;
    private final int queues;
    private final Sockets sockets;
    private final @Nullable TunDevice tun;
    private final Offloads offloads;
    private final ForwardingTable table;
    private final UdpSource source;
    private final List<WorkMeter> meters = new ArrayList<>();
    private final List<Thread> tunThreads = new ArrayList<>();
    private volatile boolean closed;

    private DataPlane(
            DataPlaneSettings settings,
            List<UdpSocket> bound,
            List<UdpSocket> relaySockets,
            @Nullable TunDevice tun,
            PacketListener listener) {
        this.settings = settings;
        this.bound = bound;
        this.relaySockets = relaySockets;
        this.queues = bound.size() / settings.listen().size();
        this.tun = tun;
        this.offloads = offloads(settings, bound, tun, queues);
        this.sockets = new Sockets(bound, queues, drops, listener);
        this.table = new ForwardingTable(
                sockets::indexOf,
                settings.mtu(),
                settings.forwarding(),
                System::nanoTime,
                settings.gateway(),
                settings.gateway6());
        this.relay = relayPlane(settings, relaySockets, table, drops);
        PuntQueues punts =
                new PuntQueues(settings.sizes().controlQueue(), settings.sizes().frameQueue());
        List<Uplink> uplinks = new ArrayList<>();
        for (int index = 0; index < bound.size(); index++) {
            UdpSocket socket = bound.get(index);
            RelayOutbox out = relayOutbox(index % queues, false);
            IpSink network = network(index % queues, out);
            WorkMeter meter = meter("up-" + index);
            uplinks.add(new Uplink(socket, table, network, punts, drops, listener, buffers(socket), meter, out));
        }
        for (int queue = 0; queue < relaySockets.size(); queue++) {
            uplinks.add(relayUplink(queue, punts, listener));
        }
        this.source = new UdpSource(uplinks, punts, drops, settings.secret());
        if (tun != null) {
            for (int queue = 0; queue < tun.queues().size(); queue++) {
                startTunThread(tun, queue);
            }
        }
        LOG.info("forwarding with {}", offloads);
        if (tun != null && tun.queues().size() < queues) {
            LOG.warn(
                    "{}: one thread reads the device instead of {}, since the kernel does not let us choose the thread by "
                            + "the subscriber's address: give CAP_BPF",
                    tun.name(),
                    queues);
        }
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
            DataPlaneSettings.Forwarding forwarding = settings.forwarding();
            for (Endpoint endpoint : settings.listen()) {
                for (UdpSocket socket : bind(endpoint, settings)) {
                    opened.add(socket);
                    sockets.add(socket);
                }
                warnOfSmallBuffers(settings, sockets.getLast());
            }
            List<UdpSocket> relays = List.of();
            if (settings.relay() != null) {
                relays = bind(settings.relay().listen(), settings);
                opened.addAll(relays);
                warnOfSmallBuffers(settings, relays.getLast());
            }
            TunDevice tun = null;
            String name = settings.tunName();
            if (name != null) {
                tun = TunDevice.open(name, forwarding.queues(), forwarding.offloads());
                opened.add(tun);
                tun.configure(settings.gateway(), settings.mtu());
                for (DataPlaneSettings.Route route : settings.routes()) {
                    tun.addRoute(route.network(), route.prefixLength());
                }
                if (settings.ipv6() != null) {
                    configureIpv6(tun, settings.ipv6());
                }
            }
            return new DataPlane(settings, List.copyOf(sockets), List.copyOf(relays), tun, listener);
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
        return relay == null ? sockets : relay.transport(sockets);
    }

    /**
     * What is done for the other nodes.
     *
     * @throws IllegalStateException when this node is in no cluster
     */
    public ClusterPlane cluster() {
        if (relay == null) {
            throw new IllegalStateException("this node is in no cluster");
        }
        return relay;
    }

    /** Where our relay listens, with the port that was really bound; null when there is no cluster. */
    public @Nullable Endpoint relay() {
        return relaySockets.isEmpty()
                ? null
                : Endpoint.of(relaySockets.getFirst().localAddress());
    }

    /** Packets from and to each other node; none when there is no cluster. */
    public List<RelayFigures> relays() {
        return relay == null ? List.of() : relay.figures();
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
        return bound.stream()
                .map(socket -> Endpoint.of(socket.localAddress()))
                .distinct()
                .toList();
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

    /** The sockets' buffers. */
    public List<PortFigures> ports() {
        return allSockets()
                .map(socket -> new PortFigures(
                        Endpoint.of(socket.localAddress()),
                        socket.receiveBuffer(),
                        settings.sizes().receiveBuffer(),
                        socket.sendBuffer(),
                        settings.sizes().sendBuffer(),
                        socket.dropped()))
                .toList();
    }

    /** Dropped packets by reason; every reason is there, also with 0. */
    public Map<String, Long> drops() {
        Map<String, Long> all = drops.byReason();
        all.put(
                DropReason.UDP_QUEUE_OVERFLOW.label(),
                allSockets().mapToLong(UdpSocket::dropped).sum());
        if (tun != null) {
            all.put(DropReason.TUN_QUEUE_OVERFLOW.label(), tun.dropped());
        }
        return all;
    }

    private Stream<UdpSocket> allSockets() {
        return Stream.concat(bound.stream(), relaySockets.stream());
    }

    /** The packet threads' work so far, one for each thread. */
    public List<WorkerFigures> workers() {
        long now = System.nanoTime();
        return meters.stream().map(meter -> meter.read(now)).toList();
    }

    /** Which offloads are in use. */
    public Offloads offloads() {
        return offloads;
    }

    /** Ends the stream and all threads, and gives back sockets and device. Takes a fifth of a second at most. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (relay != null) {
            relay.close();
        }
        try {
            source.close();
            for (Thread thread : tunThreads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            // Threads may still use the descriptors: the process's end will close them.
            Thread.currentThread().interrupt();
            return;
        }
        allSockets().forEach(UdpSocket::close);
        if (tun != null) {
            tun.close();
        }
    }

    private static void configureIpv6(TunDevice tun, DataPlaneSettings.Ipv6Network ipv6) throws IOException {
        tun.configureIpv6(ipv6.gateway().high(), ipv6.gateway().low());
        for (PrefixPlan.Range range : ipv6.prefixes().ranges()) {
            tun.addIpv6Route(range.addresses().high(), range.addresses().length());
        }
        for (Ipv6Range network : ipv6.routes()) {
            tun.addIpv6Route(network.high(), network.length());
        }
    }

    /** All sockets of one address: the first alone shows whether another process has the port. */
    private static List<UdpSocket> bind(Endpoint endpoint, DataPlaneSettings settings) throws IOException {
        int queues = settings.tunName() == null ? 1 : settings.forwarding().queues();
        UdpSocket.Options options = new UdpSocket.Options(
                settings.sizes().receiveBuffer(),
                settings.sizes().sendBuffer(),
                queues > 1,
                settings.forwarding().offloads());
        InetSocketAddress address = endpoint.toSocketAddress();
        if (queues > 1) {
            UdpSocket alone = UdpSocket.bind(
                    address, settings.sizes().receiveBuffer(), settings.sizes().sendBuffer());
            address = alone.localAddress();
            alone.close();
        }
        List<UdpSocket> sockets = new ArrayList<>();
        try {
            for (int queue = 0; queue < queues; queue++) {
                sockets.add(UdpSocket.bind(address, options));
            }
        } catch (IOException | RuntimeException e) {
            sockets.forEach(UdpSocket::close);
            throw e;
        }
        return sockets;
    }

    private static Offloads offloads(
            DataPlaneSettings settings, List<UdpSocket> bound, @Nullable TunDevice tun, int queues) {
        boolean wanted = settings.forwarding().offloads();
        return new Offloads(
                wanted && bound.stream().allMatch(UdpSocket::canSegment),
                bound.stream().allMatch(UdpSocket::coalesced),
                tun != null && tun.tcpOffload(),
                tun != null && tun.udpOffload(),
                queues);
    }

    private static @Nullable RelayPlane relayPlane(
            DataPlaneSettings settings, List<UdpSocket> relaySockets, ForwardingTable table, Drops drops) {
        return settings.relay() == null
                ? null
                : new RelayPlane(settings.relay().secret(), relaySockets.getFirst(), table, settings.prefixes(), drops);
    }

    private @Nullable RelayOutbox relayOutbox(int queue, boolean arriving) {
        return relay == null
                ? null
                : new RelayOutbox(
                        relay,
                        relaySockets.get(queue % relaySockets.size()),
                        sockets,
                        drops,
                        offloads.udpSegment(),
                        arriving);
    }

    private RelayUplink relayUplink(int queue, PuntQueues punts, PacketListener listener) {
        RelayPlane plane = Objects.requireNonNull(relay);
        RelayOutbox out = Objects.requireNonNull(relayOutbox(queue, true));
        UdpSocket socket = relaySockets.get(queue);
        IpSink complaints = tun == null ? null : TunSink.of(tun, queue, 1, table, drops);
        Outbox outbox = outbox(queue);
        return new RelayUplink(
                socket,
                table,
                network(queue, out),
                punts,
                drops,
                listener,
                buffers(socket),
                meter("relay-" + queue),
                plane,
                out,
                new Downlink(
                        table,
                        outbox,
                        drops,
                        settings.forwarding(),
                        settings.gateway(),
                        settings.gateway6(),
                        complaints,
                        out),
                outbox,
                sockets);
    }

    private IpSink network(int queue, @Nullable RelayOutbox out) {
        return tun == null
                ? new EchoResponder(settings.gateway(), settings.gateway6(), downlink(queue, null, out))
                : TunSink.of(tun, queue, settings.sizes().batchSize(), table, drops);
    }

    private Downlink downlink(int queue, @Nullable IpSink complaints, @Nullable RelayOutbox out) {
        return new Downlink(
                table,
                outbox(queue),
                drops,
                settings.forwarding(),
                settings.gateway(),
                settings.gateway6(),
                complaints,
                out);
    }

    /** With relays, two threads send by one socket. */
    private Outbox outbox(int queue) {
        boolean shared = relay != null && settings.forwarding().dontFragment() != OuterDontFragment.CLEAR;
        return new Outbox(sockets, queue, drops, offloads.udpSegment(), shared);
    }

    private PacketBuffers buffers(UdpSocket socket) {
        int capacity = socket.coalesced() ? LARGEST_DATAGRAM : Math.max(SMALLEST_BUFFER, settings.mtu() + HEADERS);
        return new PacketBuffers(settings.sizes().batchSize(), 0, capacity);
    }

    private WorkMeter meter(String name) {
        WorkMeter meter = new WorkMeter(name, System.nanoTime());
        meters.add(meter);
        return meter;
    }

    private void startTunThread(TunDevice device, int queue) {
        TunReader reader = new TunReader(
                device.queues().get(queue),
                downlink(queue, TunSink.of(device, queue, 1, table, drops), relayOutbox(queue, false)),
                drops,
                meter("down-" + queue),
                settings.sizes().batchSize());
        tunThreads.add(Thread.ofPlatform().daemon().name("warren-down-" + queue).start(() -> {
            try {
                reader.run(() -> !closed);
            } catch (Throwable e) {
                LOG.error("packets to subscribers are no longer forwarded", e);
            }
        }));
    }

    private static void warnOfSmallBuffers(DataPlaneSettings settings, UdpSocket socket) {
        if (socket.receiveBuffer() < settings.sizes().receiveBuffer()
                || socket.sendBuffer() < settings.sizes().sendBuffer()) {
            LOG.warn(
                    "{}: the kernel granted socket buffers of {} (receive) and {} (send) octets instead of {} and {}: "
                            + "packets may be lost in bursts; raise net.core.rmem_max and wmem_max, or give "
                            + "CAP_NET_ADMIN",
                    socket,
                    socket.receiveBuffer(),
                    socket.sendBuffer(),
                    settings.sizes().receiveBuffer(),
                    settings.sizes().sendBuffer());
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
