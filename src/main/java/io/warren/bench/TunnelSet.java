package io.warren.bench;

import io.warren.client.ClientSettings;
import io.warren.client.TunnelEnd;
import io.warren.client.TunnelWatcher;
import io.warren.control.Moment;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Some of the client's own ends of tunnels, each with a UDP port of its own, as those of several access concentrators have,
 * and the threads that receive for them. All that is asked of a tunnel is done by one of these threads at a time; others
 * leave word with {@link #later}.
 */
final class TunnelSet implements Receiver.Handler, AutoCloseable {
    /** Whose calls the tunnels carry. Is called by one thread at a time. */
    interface Owner extends TunnelWatcher {
        /** For a call that begins. */
        SessionSettings call();

        /** A user's packet of the benchmark came. */
        void userPacket(MemorySegment memory, long at, int length, Arrivals arrivals, long now);

        /** After each batch of datagrams, and at least ten times a second. */
        void idle(long now);
    }

    static final String HOST_NAME = "bench";
    static final int MOST_TUNNELS = 500;

    private static final int L2TP_PORT = 1701;
    private static final int BUFFER = 16 << 20;
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    /** StopCCN 6: the requester is being shut down (RFC 2661 §4.4.2). */
    private static final ResultCode SHUTTING_DOWN = ResultCode.of(6);
    /** Messages are repeated at even and short distances, so that the time of an answer says when the peer was back. */
    private static final RetransmitPolicy IMPATIENT =
            new RetransmitPolicy(Duration.ofMillis(250), Duration.ofMillis(250), 480);

    private static final long SHORTEST_HELLO_MILLIS = 200;
    private static final long LONGEST_HELLO_MILLIS = 500;

    private final Order.Tunnels order;
    private final Owner owner;
    private final InetSocketAddress lns;
    private final long lnsAddress;
    // Chance for magic numbers and challenges of calls that carry nobody's secrets.
    private final RandomGenerator random = new Random();
    private final int firstTunnelId = 1 + random.nextInt(0xffff - MOST_TUNNELS);
    private final ControlWatch watch;

    /** By tunnel. */
    private final List<UdpSocket> sockets = new ArrayList<>();

    private final List<PeerPath> paths = new ArrayList<>();
    private final List<Outbox> outboxes = new ArrayList<>();
    private final List<TunnelEnd> ends = new ArrayList<>();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Boolean> left = new CompletableFuture<>();
    private final Receiver receiver;
    private boolean closing;
    private long leaveBy;

    /**
     * Opens the sockets; {@link #start} does the rest.
     *
     * @param mostCalls at a time in each tunnel
     */
    TunnelSet(Order.Tunnels order, int mostCalls, Owner owner) throws IOException {
        if (order.count() < 1 || order.count() > MOST_TUNNELS) {
            throw new IllegalArgumentException("1 to " + MOST_TUNNELS + " tunnels, not " + order.count());
        }
        this.order = order;
        this.owner = owner;
        this.lns = address(order.lns());
        this.lnsAddress = AddressBits.low(lns.getAddress().getAddress());
        this.watch = new ControlWatch(order.count());
        InetSocketAddress from = new InetSocketAddress(UdpSocket.addressTowards(lns), 0);
        for (int index = 0; index < order.count(); index++) {
            UdpSocket socket = UdpSocket.bind(from, BUFFER, BUFFER);
            sockets.add(socket);
            paths.add(new PeerPath(Endpoint.of(socket.localAddress()), Endpoint.of(lns)));
            outboxes.add(new Outbox(socket));
            ends.add(end(index, mostCalls));
        }
        receiver = Receiver.of(sockets, Payload.DOWN, this);
    }

    /** @param text host, or host:port */
    private static InetSocketAddress address(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new InetSocketAddress(text, L2TP_PORT)
                : new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private TunnelEnd end(int index, int mostCalls) {
        Outbox outbox = outboxes.get(index);
        return new TunnelEnd(
                firstTunnelId + index,
                settings(index, mostCalls),
                _ -> owner.call(),
                null,
                (path, datagram) -> {
                    watch.sent(index, datagram, System.nanoTime());
                    outbox.put(path, datagram);
                },
                owner,
                () -> new Moment(System.nanoTime(), Instant.now(), random));
    }

    private TunnelSettings settings(int index, int mostCalls) {
        String secret = order.secret();
        TunnelSettings usual =
                ClientSettings.tunnel(HOST_NAME, secret == null ? null : TunnelSecret.of(secret), mostCalls);
        if (!order.probing()) {
            return usual;
        }
        long spread = (LONGEST_HELLO_MILLIS - SHORTEST_HELLO_MILLIS) * index / order.count();
        return new TunnelSettings(
                usual.hostName(),
                usual.vendorName(),
                usual.secret(),
                usual.hideAvps(),
                usual.receiveWindow(),
                IMPATIENT,
                Duration.ofMillis(SHORTEST_HELLO_MILLIS + spread),
                usual.helloTolerant(),
                usual.setupTimeout(),
                usual.maxSessions(),
                usual.maxSessionsInSetup(),
                usual.failover());
    }

    /** Begins to receive, and asks for all tunnels. */
    void start() {
        receiver.start();
        later(() -> {
            for (int index = 0; index < count(); index++) {
                ends.get(index).open(paths.get(index));
            }
        });
    }

    /** Has something done soon, by the thread that may ask things of tunnels. */
    void later(Runnable task) {
        tasks.add(task);
    }

    int count() {
        return ends.size();
    }

    TunnelEnd end(int index) {
        return ends.get(index);
    }

    UdpSocket socket(int index) {
        return sockets.get(index);
    }

    InetSocketAddress lns() {
        return lns;
    }

    Receiver receiver() {
        return receiver;
    }

    /** Only for the thread that may ask things of tunnels. */
    ControlWatch watch() {
        return watch;
    }

    /** The place of the tunnel that has this id at our end; -1: none has. */
    int index(int tunnelId) {
        int index = tunnelId - firstTunnelId;
        return index >= 0 && index < count() ? index : -1;
    }

    boolean closing() {
        return closing;
    }

    @Override
    public void packet(PacketBuffers batch, int slot, Arrivals arrivals, long now) {
        MemorySegment memory = batch.memory();
        long at = batch.start(slot);
        int length = batch.length(slot);
        if (batch.remoteLow(slot) != lnsAddress || batch.remotePort(slot) != lns.getPort()) {
            watch.wrongSource();
        }
        if (UserPacket.looksLikeOne(memory, at, length)) {
            owner.userPacket(memory, at, length, arrivals, now);
            return;
        }
        byte[] datagram = memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            int index = index(L2tpHeader.decode(datagram).tunnelId());
            if (index >= 0) {
                watch.received(index, datagram, now);
                ends.get(index).received(paths.get(index), datagram);
            } else {
                arrivals.strange();
            }
        } catch (WireException e) {
            arrivals.strange();
        }
    }

    @Override
    public void idle() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        long now = System.nanoTime();
        for (TunnelEnd end : ends) {
            if (end.deadline() <= now) {
                end.tick();
            }
        }
        owner.idle(now);
        outboxes.forEach(Outbox::flush);
        if (closing && (now > leaveBy || ends.stream().allMatch(TunnelEnd::isOver))) {
            left.complete(true);
        }
    }

    /** Ends the tunnels in order, or gives up after a while; the sockets are closed in either case. */
    void hangUp() {
        later(() -> {
            closing = true;
            leaveBy = System.nanoTime() + FAREWELL.toNanos();
            for (TunnelEnd end : ends) {
                end.close(SHUTTING_DOWN);
            }
        });
        left.orTimeout(20, TimeUnit.SECONDS).join();
        close();
    }

    @Override
    public void close() {
        receiver.close();
        sockets.forEach(UdpSocket::close);
    }
}
