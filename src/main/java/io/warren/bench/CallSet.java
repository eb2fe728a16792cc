package io.warren.bench;

import io.warren.client.ClientSettings;
import io.warren.client.TunnelEnd;
import io.warren.client.TunnelWatcher;
import io.warren.control.Moment;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.ppp.LinkParameters;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Many calls over some tunnels with the client's own ends of tunnels, each tunnel from a UDP port of its own, as those of
 * several access concentrators are. The receiver sets them up and keeps them alive; another thread may send through those
 * that are up.
 */
final class CallSet implements TunnelWatcher, Receiver.Handler, Sender.Maker, AutoCloseable {
    private static final String HOST_NAME = "bench";
    private static final int BUFFER = 16 << 20;
    private static final int MOST_TUNNELS = 500;
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    /** StopCCN 6: the requester is being shut down (RFC 2661 §4.4.2). */
    private static final ResultCode SHUTTING_DOWN = ResultCode.of(6);

    private final Order.Dial order;
    private final int sink;
    private final long lnsAddress;
    // Chance for magic numbers and challenges of calls that carry nobody's secrets.
    private final RandomGenerator random = new Random();
    private final int firstTunnelId = 1 + random.nextInt(0xffff - MOST_TUNNELS);
    /** By tunnel. */
    private final List<UdpSocket> sockets = new ArrayList<>();

    private final List<PeerPath> paths = new ArrayList<>();
    private final List<Outbox> outboxes = new ArrayList<>();
    private final TunnelEnd[] tunnels;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Answer.Dialled> dialled = new CompletableFuture<>();
    private final CompletableFuture<Boolean> left = new CompletableFuture<>();

    /** By place of the call, the order in which calls are placed. */
    private final long[] placedAt;

    private final int[] flowOfCall;

    /** By flow. */
    private final int[] addresses;

    private final int[] peerIds;

    /** Calls that were given a user's name: those of the next set have the same users. */
    private int named;

    private final int[] tunnelOfFlow;
    private final long[] setUpTimes;

    private Receiver receiver;
    private long began;
    private int established;
    private int placed;
    private int failed;
    private int lost;
    private boolean closing;
    private long leaveBy;
    private volatile int up;

    /** @param sink the address that users' packets go to */
    @SuppressWarnings({"this-escape", "NullAway.Init"}) // the receiver is started as the last thing
    CallSet(Order.Dial order, int sink) throws IOException {
        if (order.tunnels() < 1 || order.tunnels() > MOST_TUNNELS || order.calls() < 1) {
            throw new IllegalArgumentException("wrong numbers in " + order);
        }
        this.order = order;
        this.sink = sink;
        InetSocketAddress lns = new InetSocketAddress(order.lns(), 1701);
        lnsAddress = AddressBits.low(lns.getAddress().getAddress());
        tunnels = new TunnelEnd[order.tunnels()];
        InetSocketAddress from = new InetSocketAddress(UdpSocket.addressTowards(lns), 0);
        for (int index = 0; index < tunnels.length; index++) {
            UdpSocket socket = UdpSocket.bind(from, BUFFER, BUFFER);
            sockets.add(socket);
            paths.add(new PeerPath(Endpoint.of(socket.localAddress()), Endpoint.of(lns)));
            outboxes.add(new Outbox(socket));
            tunnels[index] = tunnel(firstTunnelId + index, outboxes.getLast());
        }
        placedAt = new long[order.calls()];
        flowOfCall = new int[order.calls()];
        Arrays.fill(flowOfCall, -1);
        addresses = new int[order.calls()];
        peerIds = new int[order.calls()];
        tunnelOfFlow = new int[order.calls()];
        setUpTimes = new long[order.calls()];
        receiver = Receiver.start(sockets, Payload.DOWN, this);
    }

    private TunnelEnd tunnel(int tunnelId, Outbox outbox) {
        Bytes password = Bytes.of(order.password().getBytes(StandardCharsets.UTF_8));
        int most = callsPerTunnel();
        return new TunnelEnd(
                tunnelId,
                ClientSettings.tunnel(HOST_NAME, TunnelSecret.of(order.secret()), most),
                _ -> ClientSettings.call(HOST_NAME, "bench-" + named++, password),
                null,
                outbox::put,
                this,
                () -> new Moment(System.nanoTime(), Instant.now(), random));
    }

    private int callsPerTunnel() {
        return (order.calls() + tunnels.length - 1) / tunnels.length;
    }

    /** Sets all up; returns when all are, or have failed, or time is over. */
    Answer.Dialled dial() {
        tasks.add(() -> {
            began = System.nanoTime();
            for (int index = 0; index < tunnels.length; index++) {
                tunnels[index].open(paths.get(index));
            }
        });
        try {
            return dialled.get(order.timeoutSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            tasks.add(this::conclude);
            return dialled.join();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("setting up calls was interrupted", e);
        }
    }

    private void conclude() {
        long[] times = Arrays.copyOf(setUpTimes, up);
        Arrays.sort(times);
        List<Integer> list = new ArrayList<>();
        for (int flow = 0; flow < up; flow++) {
            list.add(addresses[flow]);
        }
        dialled.complete(new Answer.Dialled(
                up,
                order.calls() - up,
                (System.nanoTime() - began) / 1e9,
                up == 0 ? 0 : times[up / 2] / 1e6,
                up == 0 ? 0 : times[(int) (0.99 * (up - 1))] / 1e6,
                list));
    }

    /** Places as many calls as may be in flight, once all tunnels are established. */
    private void place() {
        if (established < tunnels.length || closing || dialled.isDone()) {
            return;
        }
        while (placed < order.calls() && placed - up - failed < order.inFlight()) {
            int call = placed++;
            placedAt[call] = System.nanoTime();
            tunnels[call % tunnels.length].placeCall(1 + call / tunnels.length, call);
        }
    }

    private int call(SessionKey key) {
        return key.tunnelId() - firstTunnelId + (key.sessionId() - 1) * tunnels.length;
    }

    @Override
    public void tunnelChanged(TunnelEvent event) {
        if (event instanceof TunnelEvent.TunnelEstablished) {
            established++;
        } else if (event instanceof TunnelEvent.TunnelClosed closed && !closing) {
            System.err.println("tunnel closed: " + closed);
            tasks.add(this::conclude);
        }
    }

    @Override
    public void callChanged(SessionKey key, SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected _, SessionEvent.LimitsChanged _ -> {}
            case SessionEvent.NetworkUp network -> isUp(key, network.link());
            case SessionEvent.Closed closed -> {
                if (flowOfCall[call(key)] < 0) {
                    failed++;
                    System.err.println("call failed: " + closed.by() + ": " + closed.reason());
                } else if (!closing) {
                    lost++;
                    System.err.println("call lost: " + closed.by() + ": " + closed.reason());
                }
            }
        }
        if (up + failed == order.calls() && !dialled.isDone()) {
            conclude();
        }
    }

    private void isUp(SessionKey key, LinkParameters link) {
        int call = call(key);
        ForwardingEntry entry = tunnels[key.tunnelId() - firstTunnelId].entry(key.sessionId());
        if (flowOfCall[call] >= 0 || entry == null) {
            return;
        }
        int flow = up;
        flowOfCall[call] = flow;
        addresses[flow] = link.localAddress();
        peerIds[flow] = entry.peerTunnelId() << 16 | entry.peerSessionId();
        tunnelOfFlow[flow] = call % tunnels.length;
        setUpTimes[flow] = System.nanoTime() - placedAt[call];
        up = flow + 1;
    }

    /** Never: user packets are judged where they arrive, without a copy. */
    @Override
    public void packetArrived(SessionKey key, byte[] packet) {}

    @Override
    public void packet(PacketBuffers batch, int slot, Arrivals arrivals, long now) {
        MemorySegment memory = batch.memory();
        long at = batch.start(slot);
        int length = batch.length(slot);
        if (UserPacket.looksLikeOne(memory, at, length)) {
            int ip = UserPacket.ip(memory, at, length);
            int payload = UserPacket.payloadLength(memory, at, length, ip);
            int flow = rightfulFlow(UserPacket.ids(memory, at), UserPacket.destination(memory, at + ip));
            arrivals.arrived(memory, at + UserPacket.payload(ip), payload, flow, now);
            return;
        }
        byte[] datagram = memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            int index = L2tpHeader.decode(datagram).tunnelId() - firstTunnelId;
            if (index >= 0 && index < tunnels.length) {
                tunnels[index].received(paths.get(index), datagram);
            } else {
                arrivals.strange();
            }
        } catch (WireException e) {
            arrivals.strange();
        }
    }

    /** The flow that the ids of a packet stand for, if it has that flow's address, too; else -1. */
    private int rightfulFlow(int ids, int address) {
        int tunnel = (ids >>> 16) - firstTunnelId;
        int session = ids & 0xffff;
        if (tunnel < 0 || tunnel >= tunnels.length || session < 1 || session > callsPerTunnel()) {
            return -1;
        }
        int call = tunnel + (session - 1) * tunnels.length;
        int flow = call < flowOfCall.length ? flowOfCall[call] : -1;
        return flow >= 0 && addresses[flow] == address ? flow : -1;
    }

    @Override
    public void idle() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        long now = System.nanoTime();
        for (TunnelEnd tunnel : tunnels) {
            if (tunnel.deadline() <= now) {
                tunnel.tick();
            }
        }
        place();
        outboxes.forEach(Outbox::flush);
        if (closing && (now > leaveBy || Arrays.stream(tunnels).allMatch(TunnelEnd::isOver))) {
            left.complete(true);
        }
    }

    @Override
    public void make(PacketBuffers batch, int slot, int size, int run, int flow, int sequence, long time) {
        UserPacket.write(batch, slot, size, peerIds[flow], addresses[flow], sink, run, flow, sequence, time);
        batch.setRemote(slot, 0, lnsAddress, 1701);
        batch.clearLocal(slot);
    }

    Answer.Sent send(Order.Send sending) {
        List<Sender.Lane> lanes = new ArrayList<>();
        for (int index = 0; index < tunnels.length; index++) {
            int tunnel = index;
            int[] flows = IntStream.range(0, up)
                    .filter(flow -> tunnelOfFlow[flow] == tunnel)
                    .toArray();
            if (flows.length > 0) {
                lanes.add(new Sender.Lane(sockets.get(index), flows));
            }
        }
        return new Sender(lanes, this, up, sending).send();
    }

    Answer expect(int run) {
        return receiver.expect(run, up);
    }

    Answer.Counts counts() {
        return receiver.counts();
    }

    /** Ends the tunnels in order, or gives up after a while; the socket is closed in either case. */
    Answer.HungUp hangUp() {
        CompletableFuture<Integer> told = new CompletableFuture<>();
        tasks.add(() -> {
            closing = true;
            leaveBy = System.nanoTime() + FAREWELL.toNanos();
            for (TunnelEnd tunnel : tunnels) {
                tunnel.close(SHUTTING_DOWN);
            }
            told.complete(lost);
        });
        int lostBefore = told.orTimeout(10, TimeUnit.SECONDS).join();
        left.orTimeout(10, TimeUnit.SECONDS).join();
        close();
        return new Answer.HungUp(lostBefore);
    }

    @Override
    public void close() {
        receiver.close();
        sockets.forEach(UdpSocket::close);
    }
}
