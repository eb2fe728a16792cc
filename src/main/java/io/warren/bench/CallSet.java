package io.warren.bench;

import io.warren.client.ClientSettings;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.ppp.LinkParameters;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Many calls over some tunnels. The receiver sets them up and keeps them alive; another thread may send through those that
 * are up.
 */
final class CallSet implements TunnelSet.Owner, Sender.Maker, AutoCloseable {
    private final Order.Dial order;
    private final int sink;
    private final HeldAddresses held;
    private final Happenings happenings;
    private final long lnsAddress;
    private final int lnsPort;
    private final TunnelSet tunnels;
    private final CompletableFuture<Answer.Dialled> dialled = new CompletableFuture<>();

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

    private long began;
    private int established;
    private int placed;
    private int failed;
    private int lost;
    private int renumbered;
    private int tunnelsClosed;
    private volatile int up;

    /**
     * @param sink the address that users' packets go to
     * @param held is told of the addresses of these calls
     */
    CallSet(Order.Dial order, int sink, HeldAddresses held, Happenings happenings) throws IOException {
        if (order.calls() < 1) {
            throw new IllegalArgumentException("wrong numbers in " + order);
        }
        this.order = order;
        this.sink = sink;
        this.held = held;
        this.happenings = happenings;
        placedAt = new long[order.calls()];
        flowOfCall = new int[order.calls()];
        Arrays.fill(flowOfCall, -1);
        addresses = new int[order.calls()];
        peerIds = new int[order.calls()];
        tunnelOfFlow = new int[order.calls()];
        setUpTimes = new long[order.calls()];
        tunnels = new TunnelSet(order.tunnels(), callsPerTunnel(), this);
        lnsAddress = AddressBits.low(tunnels.lns().getAddress().getAddress());
        lnsPort = tunnels.lns().getPort();
    }

    private int callsPerTunnel() {
        int count = order.tunnels().count();
        return (order.calls() + count - 1) / count;
    }

    @Override
    public SessionSettings call() {
        Bytes password = Bytes.of(order.tunnels().password().getBytes(StandardCharsets.UTF_8));
        return ClientSettings.call(TunnelSet.HOST_NAME, "bench-" + named++, password);
    }

    /** Sets all up; returns when all are, or have failed, or time is over. */
    Answer.Dialled dial() {
        tunnels.later(() -> began = System.nanoTime());
        tunnels.start();
        try {
            return dialled.get(order.timeoutSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            tunnels.later(this::conclude);
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
        if (established < tunnels.count() || tunnels.closing() || dialled.isDone()) {
            return;
        }
        while (placed < order.calls() && placed - up - failed < order.inFlight()) {
            int call = placed++;
            placedAt[call] = System.nanoTime();
            tunnels.end(call % tunnels.count()).placeCall(1 + call / tunnels.count(), call);
        }
    }

    private int call(SessionKey key) {
        return tunnels.index(key.tunnelId()) + (key.sessionId() - 1) * tunnels.count();
    }

    @Override
    public void tunnelChanged(TunnelEvent event) {
        if (event instanceof TunnelEvent.TunnelEstablished) {
            established++;
        } else if (event instanceof TunnelEvent.TunnelClosed closed && !tunnels.closing()) {
            tunnelsClosed++;
            tell("tunnel closed", closed.by() + ": " + closed.result());
            tunnels.later(this::conclude);
        }
    }

    @Override
    public void callChanged(SessionKey key, SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected _,
                    SessionEvent.LimitsChanged _,
                    SessionEvent.TimeoutsChanged _,
                    SessionEvent.FiltersChanged _,
                    SessionEvent.AccountingStarted _,
                    SessionEvent.TrafficNoted _,
                    SessionEvent.Over _ -> {}
            case SessionEvent.NetworkUp network -> isUp(key, network.link());
            case SessionEvent.Closed closed -> isOver(call(key), closed);
        }
        if (up + failed == order.calls() && !dialled.isDone()) {
            conclude();
        }
    }

    private void isUp(SessionKey key, LinkParameters link) {
        int call = call(key);
        ForwardingEntry entry = tunnels.end(tunnels.index(key.tunnelId())).entry(key.sessionId());
        if (entry == null) {
            return;
        }
        if (flowOfCall[call] >= 0) {
            if (addresses[flowOfCall[call]] != link.localAddress()) {
                renumbered++;
                tell("call has another address", key.toString());
            }
            return;
        }
        int flow = up;
        flowOfCall[call] = flow;
        addresses[flow] = link.localAddress();
        peerIds[flow] = entry.peerTunnelId() << 16 | entry.peerSessionId();
        tunnelOfFlow[flow] = call % tunnels.count();
        setUpTimes[flow] = System.nanoTime() - placedAt[call];
        up = flow + 1;
        if (!held.take(link.localAddress())) {
            tell("address given twice", key.toString());
        }
    }

    private void isOver(int call, SessionEvent.Closed closed) {
        if (flowOfCall[call] < 0) {
            failed++;
            tell("call failed", closed.by() + ": " + closed.reason());
        } else {
            held.giveBack(addresses[flowOfCall[call]]);
            if (!tunnels.closing()) {
                lost++;
                tell("call lost", closed.by() + ": " + closed.reason());
            }
        }
    }

    private void tell(String kind, String what) {
        happenings.add(kind, what);
        System.err.println(kind + ": " + what);
    }

    /** Never: user packets are judged where they arrive, without a copy. */
    @Override
    public void packetArrived(SessionKey key, byte[] packet) {}

    @Override
    public void userPacket(MemorySegment memory, long at, int length, Arrivals arrivals, long now) {
        int ip = UserPacket.ip(memory, at, length);
        int payload = UserPacket.payloadLength(memory, at, length, ip);
        int flow = rightfulFlow(UserPacket.ids(memory, at), UserPacket.destination(memory, at + ip));
        arrivals.arrived(memory, at + UserPacket.payload(ip), payload, flow, now);
    }

    /** The flow that the ids of a packet stand for, if it has that flow's address, too; else -1. */
    private int rightfulFlow(int ids, int address) {
        int tunnel = tunnels.index(ids >>> 16);
        int session = ids & 0xffff;
        if (tunnel < 0 || session < 1 || session > callsPerTunnel()) {
            return -1;
        }
        int call = tunnel + (session - 1) * tunnels.count();
        int flow = call < flowOfCall.length ? flowOfCall[call] : -1;
        return flow >= 0 && addresses[flow] == address ? flow : -1;
    }

    @Override
    public void idle(long now) {
        place();
    }

    @Override
    public void make(PacketBuffers batch, int slot, int size, int run, int flow, int sequence, long time) {
        UserPacket.write(batch, slot, size, peerIds[flow], addresses[flow], sink, run, flow, sequence, time);
        batch.setRemote(slot, 0, lnsAddress, lnsPort);
        batch.clearLocal(slot);
    }

    Sender sender(Order.Send sending) {
        List<Sender.Lane> lanes = new ArrayList<>();
        for (int index = 0; index < tunnels.count(); index++) {
            int tunnel = index;
            int[] flows = IntStream.range(0, up)
                    .filter(flow -> tunnelOfFlow[flow] == tunnel)
                    .toArray();
            if (flows.length > 0) {
                lanes.add(new Sender.Lane(tunnels.socket(index), flows));
            }
        }
        return new Sender(lanes, this, up, sending);
    }

    void expect(Order.Expect expect) {
        tunnels.receiver().expect(expect, up);
        tunnels.receiver().exclusively(() -> {
            tunnels.watch().reset();
            return true;
        });
    }

    Receiver receiver() {
        return tunnels.receiver();
    }

    /** How the calls have fared; what waits for an acknowledgement, since the last {@link #expect}. */
    Answer.Kept kept() {
        return tunnels.receiver()
                .exclusively(() -> new Answer.Kept(
                        lost,
                        tunnelsClosed,
                        renumbered,
                        held.duplicates(),
                        tunnels.watch().figures(System.nanoTime()),
                        happenings.take()));
    }

    /** Ends the tunnels in order, or gives up after a while; the sockets are closed in either case. */
    Answer.HungUp hangUp() {
        int lostBefore = tunnels.receiver().exclusively(() -> lost);
        tunnels.hangUp();
        return new Answer.HungUp(lostBefore);
    }

    @Override
    public void close() {
        tunnels.close();
    }
}
