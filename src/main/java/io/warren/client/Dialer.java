package io.warren.client;

import io.warren.control.Moment;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.dataplane.ClientPlane;
import io.warren.ppp.LinkParameters;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.mppe.MppeSender;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes one call: tunnel, call, PPP; then pings, or moves packets between the call and a TUN device; then hangs up with
 * LCP Terminate, CDN and StopCCN. Runs on the thread that calls {@link #run}; {@link #hangUp} may come from any.
 */
public final class Dialer implements TunnelWatcher {
    private static final String HOST_NAME = "warren-dial";
    /** StopCCN 6: the requester is being shut down (RFC 2661 §4.4.2). */
    private static final ResultCode SHUTTING_DOWN = ResultCode.of(6);
    /** CDN 3: for administrative reasons. */
    private static final ResultCode ADMINISTRATIVE = ResultCode.of(3);
    /** How long to wait for the acknowledgement of our StopCCN: longer than one retransmission. */
    private static final Duration FAREWELL = Duration.ofMillis(2_500);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private enum Phase {
        DIALLING,
        UP,
        /** LCP Terminate and CDN are on their way. */
        HANGING_UP,
        /** StopCCN is. */
        LEAVING
    }

    private final DialRequest request;
    private final BiConsumer<Duration, String> log;
    private final SecureRandom random = new SecureRandom();
    private final int sessionId = 1 + random.nextInt(0xffff);
    private final ClientPlane plane;
    private final TunnelEnd tunnel;
    private final long began = System.nanoTime();

    private final ClientPlane.Receiver arrivals = new ClientPlane.Receiver() {
        @Override
        public void control(PeerPath path, byte[] datagram) {
            heard = true;
            tunnel.received(path, datagram);
        }

        @Override
        public void frame(PeerPath path, SessionKey key, Bytes frame) {
            heard = true;
            tunnel.received(path, key, frame);
        }
    };

    private Phase phase = Phase.DIALLING;
    private long leaveBy = Long.MAX_VALUE;
    private @Nullable String failure;
    private @Nullable LinkParameters link;
    private @Nullable Duration timeToIp;
    private @Nullable Pinger pinger;
    private boolean tunOpen;
    private boolean forwarding;
    private boolean heard;
    private volatile boolean hangUpAsked;

    /** @param log is told each step, with the time since the beginning */
    public Dialer(DialRequest request, BiConsumer<Duration, String> log) throws IOException {
        this.request = request;
        this.log = log;
        this.plane = ClientPlane.towards(request.lns());
        this.tunnel = new TunnelEnd(
                1 + random.nextInt(0xffff),
                ClientSettings.tunnel(HOST_NAME, request.secret(), 1),
                _ -> ClientSettings.call(HOST_NAME, request.user(), request.password(), request.mppe()),
                null,
                plane.transport(),
                this,
                () -> new Moment(System.nanoTime(), Instant.now(), random));
    }

    /** Ends the call politely; {@link #run} returns soon after. */
    public void hangUp() {
        hangUpAsked = true;
        plane.wakeUp();
    }

    /** Makes the call and returns when it is over. */
    public DialOutcome run() throws IOException {
        try {
            log("calling " + Endpoint.of(request.lns()) + " as " + request.user());
            tunnel.open(plane.pathTo(request.lns()));
            while (!(phase == Phase.LEAVING && (tunnel.isOver() || System.nanoTime() >= leaveBy))) {
                plane.await(untilNextDeadline(), arrivals);
                tunnel.tick();
                step(System.nanoTime());
            }
            return new DialOutcome(failure, link, timeToIp, pinger == null ? null : pinger.statistics());
        } finally {
            plane.close();
        }
    }

    private Duration untilNextDeadline() {
        long at = tunnel.deadline();
        if (phase == Phase.UP && pinger != null) {
            at = Math.min(at, pinger.deadline());
        }
        if (phase == Phase.LEAVING) {
            at = Math.min(at, leaveBy);
        }
        long wait = Math.max(0, at == Long.MAX_VALUE ? Long.MAX_VALUE : at - System.nanoTime());
        return Duration.ofNanos(Math.min(wait, LONGEST_WAIT.toNanos()));
    }

    private void step(long now) {
        switch (phase) {
            case DIALLING -> {
                if (hangUpAsked) {
                    fail("interrupted before the call was up");
                } else if (now - began > request.timeout().toNanos()) {
                    fail((heard ? "not up" : "no answer") + " within "
                            + request.timeout().toSeconds() + " s");
                }
            }
            case UP -> whileUp(now);
            case HANGING_UP, LEAVING -> {}
        }
        if (phase == Phase.HANGING_UP && now >= leaveBy) {
            leave();
        }
    }

    private void whileUp(long now) {
        boolean pinged = true;
        if (pinger != null) {
            pinger.tick(now);
            pinged = pinger.isOver(now);
        }
        if (pinged && tunOpen && !forwarding) {
            forward();
        }
        // With a TUN device the call is the host's to use, until somebody ends it.
        if (hangUpAsked || (pinged && !tunOpen)) {
            log("hanging up");
            phase = Phase.HANGING_UP;
            leaveBy = now + FAREWELL.toNanos();
            tunnel.hangUp(sessionId, ADMINISTRATIVE, "hung up");
        }
    }

    private void fail(String reason) {
        if (failure == null) {
            failure = reason;
            log("failed: " + reason);
        }
        if (phase != Phase.LEAVING) {
            leave();
        }
    }

    private void leave() {
        phase = Phase.LEAVING;
        leaveBy = System.nanoTime() + (heard ? FAREWELL.toNanos() : 0);
        tunnel.close(SHUTTING_DOWN);
    }

    @Override
    public void tunnelChanged(TunnelEvent event) {
        switch (event) {
            case TunnelEvent.TunnelEstablished up -> {
                log("tunnel up with " + (up.peerHostName().isEmpty() ? "a nameless peer" : up.peerHostName())
                        + ", its tunnel id " + up.peerTunnelId());
                tunnel.placeCall(sessionId, 1);
            }
            case TunnelEvent.TunnelClosed closed -> {
                if (phase == Phase.DIALLING || phase == Phase.UP) {
                    fail("tunnel closed by " + closed.by() + ": " + describe(closed.result()));
                }
            }
            case TunnelEvent.CallOffered _ -> log("asking for a call");
            case TunnelEvent.TunnelOffered _,
                    TunnelEvent.TunnelRequested _,
                    TunnelEvent.CallRefused _,
                    TunnelEvent.MessageSent _,
                    TunnelEvent.CallEnded _,
                    TunnelEvent.RecoveryOffered _,
                    TunnelEvent.TunnelRecovered _,
                    TunnelEvent.RecoveryEnded _,
                    TunnelEvent.NumbersNoted _ -> {}
        }
    }

    @Override
    public void callChanged(SessionKey key, SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected connected ->
                log("call connected, the peer's session id " + connected.call().peerSessionId());
            case SessionEvent.NetworkUp up -> networkUp(up.link());
            case SessionEvent.LimitsChanged _,
                    SessionEvent.TimeoutsChanged _,
                    SessionEvent.FiltersChanged _,
                    SessionEvent.AccountingStarted _,
                    SessionEvent.TrafficNoted _,
                    SessionEvent.Over _ -> {}
            case SessionEvent.Closed closed -> {
                plane.sessions().remove(key);
                if (phase == Phase.HANGING_UP) {
                    log("call ended");
                    leave();
                } else {
                    fail(CallFailure.describe(closed));
                }
            }
        }
    }

    private void networkUp(LinkParameters parameters) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        link = parameters;
        if (phase != Phase.DIALLING) {
            log("the link was re-negotiated");
            if (forwarding) {
                forward();
            }
            return;
        }
        timeToIp = elapsed;
        phase = Phase.UP;
        log("IP up: address " + Dotted.of(parameters.localAddress()) + ", gateway "
                + Dotted.of(parameters.peerAddress()) + ", DNS " + dns(parameters.dns()) + ", MRU "
                + parameters.peerMru()
                + (parameters.mppeBits() == 0 ? "" : ", MPPE with " + parameters.mppeBits() + " bits"));
        if (request.tun() != null && request.ping() == null) {
            // Before there is a device: its first packet must find its way.
            forward();
        }
        if (request.tun() != null && !openTun(request.tun(), parameters)) {
            return;
        }
        if (request.ping() != null) {
            log("pinging " + Dotted.of(request.ping()) + " through the call");
            IcmpEcho echo = new IcmpEcho(parameters.localAddress(), request.ping(), random.nextInt(0x10000));
            pinger = new Pinger(
                    echo, request.pings(), System.nanoTime(), packet -> tunnel.send(sessionId, packet), this::log);
        }
    }

    private boolean openTun(String name, LinkParameters parameters) {
        int mtu = Math.min(parameters.peerMru(), parameters.localMru())
                - (parameters.mppeBits() == 0 ? 0 : MppeSender.GROWTH);
        try {
            plane.openTun(name, parameters.localAddress(), parameters.peerAddress(), mtu);
            tunOpen = true;
            log("packets go to and from " + name + ", MTU " + mtu);
            return true;
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public void packetArrived(SessionKey key, byte[] packet) {
        if (pinger != null) {
            pinger.arrived(packet, System.nanoTime());
        }
    }

    /** From now on packets pass by this thread. */
    private void forward() {
        ForwardingEntry entry = tunnel.entry(sessionId);
        if (entry != null) {
            plane.sessions().install(entry);
            forwarding = true;
        }
    }

    private void log(String text) {
        log.accept(Duration.ofNanos(System.nanoTime() - began), text);
    }

    private static String describe(ResultCode result) {
        return "result " + result.code() + (result.errorCode() == null ? "" : ", error " + result.errorCode())
                + (result.message() == null ? "" : ", " + result.message());
    }

    private static String dns(List<Integer> servers) {
        return servers.isEmpty() ? "none" : servers.stream().map(Dotted::of).collect(Collectors.joining(" "));
    }
}
