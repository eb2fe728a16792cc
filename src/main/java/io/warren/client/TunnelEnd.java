package io.warren.client;

import io.warren.control.Moment;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Meters;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionDecision;
import io.warren.control.session.SessionEffect;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.CallOffer;
import io.warren.control.tunnel.TunnelDecider;
import io.warren.control.tunnel.TunnelDecision;
import io.warren.control.tunnel.TunnelEffect;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelInput;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.control.tunnel.TunnelState;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.DataPacket;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.L2tpHeader;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of one tunnel with its calls: carries out what the deciders want, and keeps what they decided in memory only.
 * Opens no socket and starts no thread: one thread gives it datagrams and the time. Either end: a client places calls;
 * whoever gives {@code incoming} settings also takes them.
 */
public final class TunnelEnd {
    private static final long LIFE_INTERVAL = Duration.ofSeconds(1).toNanos();

    private final int tunnelId;
    private final TunnelSettings settings;
    private final IntFunction<SessionSettings> callSettings;
    private final @Nullable Function<AccessRequest, AccessDecision> access;
    private final ControlTransport transport;
    private final TunnelWatcher watcher;
    private final Supplier<Moment> clock;

    private final Map<Integer, CallEnd> calls = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Map<String, Long> drops = new TreeMap<>();

    private TunnelState state;
    private long lifeNotedAt;
    private boolean working;
    private boolean over;
    private int stopNs = -1;
    private boolean stopAcknowledged;

    private record Due(long at, int sessionId) {}

    /**
     * @param tunnelId ours
     * @param callSettings for each call that begins, by our session id
     * @param access who decides about peers' credentials; null: this end takes no calls
     * @param clock monotonic and wall time, and chance
     */
    public TunnelEnd(
            int tunnelId,
            TunnelSettings settings,
            IntFunction<SessionSettings> callSettings,
            @Nullable Function<AccessRequest, AccessDecision> access,
            ControlTransport transport,
            TunnelWatcher watcher,
            Supplier<Moment> clock) {
        this.tunnelId = tunnelId;
        this.settings = settings;
        this.callSettings = callSettings;
        this.access = access;
        this.transport = transport;
        this.watcher = watcher;
        this.clock = clock;
        this.lifeNotedAt = clock.get().nanos();
        this.state = new TunnelState.Idle(tunnelId);
    }

    /** Asks the peer for the tunnel. */
    public void open(PeerPath path) {
        work(() -> decide(new TunnelInput.Open(path)));
    }

    /** Asks for a call; the tunnel must be established. */
    public void placeCall(int sessionId, long serialNumber) {
        work(() -> decide(new TunnelInput.PlaceCall(sessionId, serialNumber, null, null)));
    }

    /** Ends a call with LCP Terminate and CDN. */
    public void hangUp(int sessionId, ResultCode result, String reason) {
        work(() -> decide(sessionId, new SessionInput.Close(result, "local", reason)));
    }

    /** Ends the tunnel, and all its calls with it. */
    public void close(ResultCode result) {
        work(() -> decide(new TunnelInput.Close(result, "local")));
    }

    /** A datagram came. Whatever it holds, it never throws. */
    public void received(PeerPath path, byte[] datagram) {
        try {
            if (L2tpHeader.isControl(datagram)) {
                ControlPacket packet = L2tpCodec.decode(datagram, settings.secret());
                if (stopNs >= 0 && packet.tunnelId() == tunnelId && packet.nr() == (stopNs + 1 & 0xffff)) {
                    stopAcknowledged = true;
                }
                work(() -> decide(new TunnelInput.Received(path, packet)));
            } else {
                data(path, L2tpCodec.decodeData(datagram));
            }
        } catch (WireException e) {
            dropped("malformed: " + e.getMessage());
        }
    }

    private void data(PeerPath path, DataPacket packet) {
        received(path, new SessionKey(packet.tunnelId(), packet.sessionId()), packet.frame());
    }

    /** A PPP frame came for a call. Whatever it holds, it never throws. */
    public void received(PeerPath path, SessionKey key, Bytes frame) {
        CallEnd call = key.tunnelId() == tunnelId ? calls.get(key.sessionId()) : null;
        if (call == null) {
            dropped("data of no call");
            return;
        }
        CallCipher cipher = call.cipher();
        Bytes plain = cipher == null ? frame : cipher.open(frame);
        if (plain == null) {
            dropped("not encrypted, or not for us to decrypt");
            return;
        }
        byte[] ip = call.forwarding() ? IpFrame.packetIn(plain) : null;
        if (ip == null) {
            work(() -> decide(key.sessionId(), new SessionInput.Frame(plain, path.remote())));
        } else {
            call.countArrived(ip.length);
            noteLife();
            watcher.packetArrived(call.key(), ip);
        }
    }

    /** Tells the tunnel, now and then, that its peer lives: no HELLO is needed. */
    private void noteLife() {
        long now = clock.get().nanos();
        if (now - lifeNotedAt > LIFE_INTERVAL) {
            lifeNotedAt = now;
            work(() -> decide(new TunnelInput.DataSeen()));
        }
    }

    /** What a data plane needs to forward a call; null when it is not up. */
    public @Nullable ForwardingEntry entry(int sessionId) {
        CallEnd call = calls.get(sessionId);
        return call == null ? null : call.entry();
    }

    /** Sends an IPv4 packet through a call; it is lost when the call is not up. */
    public void send(int sessionId, byte[] packet) {
        CallEnd call = calls.get(sessionId);
        ForwardingEntry entry = call == null ? null : call.entry();
        if (call == null || entry == null) {
            dropped("packet for a call that is not up");
            return;
        }
        CallCipher cipher = call.cipher();
        Bytes frame = cipher == null ? IpFrame.of(packet, entry.peerAcfc(), entry.peerPfc()) : cipher.seal(packet);
        Integer ns = entry.sendSequence() ? call.nextDataNs() : null;
        DataPacket data = new DataPacket(entry.peerTunnelId(), entry.peerSessionId(), false, ns, frame);
        call.countSent(packet.length);
        transport.send(
                entry.path(), L2tpCodec.data(data, true, L2tpCodec.NO_OFFSET).toByteArray());
    }

    /** To be called at or after {@link #deadline}. */
    public void tick() {
        work(() -> {
            long now = clock.get().nanos();
            if (TunnelDecider.deadline(state) <= now) {
                decide(new TunnelInput.Tick());
            }
            for (Due first = due.peek(); first != null && first.at() <= now; first = due.peek()) {
                due.remove();
                tick(first, now);
            }
        });
    }

    /** The queue may hold times that are no longer a call's: then only the right one is put in. */
    private void tick(Due reached, long now) {
        CallEnd call = calls.get(reached.sessionId());
        if (call == null || call.wakeAt() != reached.at()) {
            return;
        }
        call.wakeAt(Long.MAX_VALUE);
        if (call.deadline() <= now) {
            decide(reached.sessionId(), new SessionInput.Tick());
        } else {
            wakeInTime(call);
        }
    }

    /** When {@link #tick} is due next, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never. */
    public long deadline() {
        Due first = due.peek();
        long ofCalls = first == null ? Long.MAX_VALUE : first.at();
        return over ? Long.MAX_VALUE : Math.min(TunnelDecider.deadline(state), ofCalls);
    }

    /** Whether nothing more needs to be said or heard: the tunnel is over, or the peer has acknowledged our StopCCN. */
    public boolean isOver() {
        return over || stopAcknowledged;
    }

    public TunnelState state() {
        return state;
    }

    public int calls() {
        return calls.size();
    }

    /** What was not acted upon, and how often. */
    public Map<String, Long> drops() {
        return Map.copyOf(drops);
    }

    /** Deciders ask for each other's work; it is done one after the other, never inside one another. */
    private void work(Runnable task) {
        waiting.add(task);
        if (working) {
            return;
        }
        working = true;
        try {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        } finally {
            working = false;
        }
    }

    private void decide(TunnelInput input) {
        if (over) {
            return;
        }
        TunnelDecision decision = TunnelDecider.decide(state, input, settings, clock.get());
        state = decision.state();
        for (TunnelEvent event : decision.events()) {
            if (event instanceof TunnelEvent.TunnelClosed closed && closed.stopCcn() != null) {
                stopNs = closed.stopCcn().ns();
            }
        }
        decision.effects().forEach(this::carryOut);
        // Last, so that what the watcher asks for comes after what was decided.
        decision.events().forEach(watcher::tunnelChanged);
    }

    private void carryOut(TunnelEffect effect) {
        switch (effect) {
            case TunnelEffect.Transmit(PeerPath path, Bytes datagram) -> transport.send(path, datagram.toByteArray());
            case TunnelEffect.StartCall(CallOffer offer) -> start(offer);
            case TunnelEffect.Deliver(int sessionId, int ns, var message) ->
                work(() -> decide(sessionId, new SessionInput.Control(ns, message)));
            case TunnelEffect.EndCall(int sessionId, String reason) ->
                work(() -> decide(sessionId, new SessionInput.TunnelDown(reason)));
            case TunnelEffect.Dropped(String reason) -> dropped(reason);
            case TunnelEffect.Later(TunnelInput input) -> work(() -> decide(input));
            case TunnelEffect.Stop() -> over = true;
        }
    }

    private void start(CallOffer offer) {
        int sessionId = offer.key().sessionId();
        if (!offer.initiator() && access == null) {
            // RFC 2661 §4.4.2, CDN result 4: no facilities, for this end only dials.
            work(() -> decide(new TunnelInput.Send(sessionId, CallEnd.refusal(sessionId))));
            return;
        }
        calls.computeIfAbsent(sessionId, id -> new CallEnd(offer.key(), callSettings.apply(id)));
        work(() -> decide(sessionId, new SessionInput.Offered(offer)));
    }

    private void decide(int sessionId, SessionInput input) {
        CallEnd call = calls.get(sessionId);
        if (call == null) {
            if (input instanceof SessionInput.Control control) {
                work(() -> decide(new TunnelInput.Handled(control.ns())));
            }
            return;
        }
        SessionDecision decision =
                SessionDecider.decide(call.state(), input, call.settings(), clock.get(), Meters.here(call.counters()));
        call.become(decision.state());
        decision.effects().forEach(effect -> carryOut(call, effect));
        decision.events().forEach(event -> watcher.callChanged(call.key(), event));
        wakeInTime(call);
    }

    private void carryOut(CallEnd call, SessionEffect effect) {
        int sessionId = call.key().sessionId();
        switch (effect) {
            case SessionEffect.SendControl(var message) -> work(() -> decide(new TunnelInput.Send(sessionId, message)));
            case SessionEffect.Confirm(int ns) -> work(() -> decide(new TunnelInput.Handled(ns)));
            case SessionEffect.SendFrame frame ->
                // In its turn: a control message that was decided before it leaves first.
                work(() -> sendFrame(call, frame));
            case SessionEffect.RequestAccess(AccessRequest request) -> {
                AccessDecision answer = access == null
                        ? new AccessDecision.Denied("this end authenticates nobody", false)
                        : access.apply(request);
                work(() -> decide(sessionId, new SessionInput.AccessDecided(request, answer)));
            }
            case SessionEffect.LeaseAddress(int address) ->
                work(() -> decide(sessionId, new SessionInput.AddressLeased(address, false)));
            case SessionEffect.ReleaseAddress _ -> {}
            case SessionEffect.Install(ForwardingEntry entry) -> call.install(entry);
            case SessionEffect.Limit _, SessionEffect.Account _, SessionEffect.Leave _ -> {}
            case SessionEffect.Uninstall() -> call.install(null);
            case SessionEffect.Dropped(String reason) -> dropped(reason);
            case SessionEffect.Later(SessionInput input) -> work(() -> decide(sessionId, input));
            case SessionEffect.Stop() -> calls.remove(sessionId);
        }
    }

    private void sendFrame(CallEnd call, SessionEffect.SendFrame frame) {
        Integer ns = frame.numbered() ? call.nextDataNs() : null;
        DataPacket packet = new DataPacket(frame.peerTunnelId(), frame.peerSessionId(), false, ns, frame.frame());
        transport.send(
                frame.path(), L2tpCodec.data(packet, false, L2tpCodec.NO_OFFSET).toByteArray());
    }

    private void wakeInTime(CallEnd call) {
        long deadline = call.deadline();
        if (deadline < call.wakeAt()) {
            call.wakeAt(deadline);
            due.add(new Due(deadline, call.key().sessionId()));
        }
    }

    private void dropped(String reason) {
        drops.merge(reason, 1L, Long::sum);
    }
}
