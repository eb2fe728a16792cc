package io.warren.it;

import io.warren.client.ClientSettings;
import io.warren.client.IcmpEcho;
import io.warren.client.TunnelEnd;
import io.warren.client.TunnelWatcher;
import io.warren.control.Moment;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.FailoverSettings;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The life of a tunnel with one call, as the peer in the namespace {@code lac} lives it, on a thread of its own: SCCRQ to
 * SCCCN, ICRQ to ICCN, PPP, an echo through the call, HELLO, CDN, StopCCN. It repeats what is not answered, and so gets
 * on when the node comes back. It can stop at one of the node's datagrams, neither hearing nor saying anything until the
 * node was killed; then another echo has to come back before the life goes on.
 */
final class Life implements TunnelWatcher, AutoCloseable {
    /** Who ends the call and the tunnel. */
    enum End {
        BY_PEER,
        BY_NODE
    }

    /** Where a life is. */
    enum Phase {
        TUNNEL,
        CALL,
        UP,
        CALL_ENDS,
        TUNNEL_ENDS,
        OVER
    }

    /**
     * A datagram of the node.
     *
     * @param kind see {@link DatagramKind}
     * @param occurrence which one of this kind, from 1
     * @param arrives whether the peer gets it before the node is killed; else it is lost
     */
    record Datagram(String kind, int occurrence, boolean arrives) {
        String side() {
            return arrives ? "after " : "before ";
        }

        @Override
        public String toString() {
            return side() + kind + " " + occurrence;
        }
    }

    static final String TUNNEL_SECRET = "every single point";
    private static final TunnelSecret SECRET = TunnelSecret.of(TUNNEL_SECRET);

    private static final int SESSION = 1;
    private static final int GATEWAY = ByteBuffer.wrap(
                    new InetSocketAddress(WarrenNode.GATEWAY, 0).getAddress().getAddress())
            .getInt();
    private static final Duration TURN = Duration.ofMillis(5);
    private static final long AGAIN = Duration.ofMillis(200).toNanos();
    private static final long ASK_AGAIN = Duration.ofSeconds(1).toNanos();
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ResultCode ADMINISTRATIVE = ResultCode.of(3);
    private static final ResultCode CLEAR = ResultCode.of(1);
    /** Repeats sooner than the RFC recommends, and for longer than any start of a node: so that this takes less time. */
    private static final RetransmitPolicy IMPATIENT =
            new RetransmitPolicy(Duration.ofMillis(250), Duration.ofMillis(500), 200);

    private final int tunnelId;
    private final End end;
    private final @Nullable Datagram stop;
    private final WarrenNode node;
    private final ClientSocket socket;
    private final PeerPath path;
    private final Random random;
    private final ControlLedger ledger;
    private final TunnelEnd tunnel;
    private final Thread thread;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<String> datagrams = new CopyOnWriteArrayList<>();
    private final CountDownLatch reached = new CountDownLatch(1);

    private volatile Phase phase = Phase.TUNNEL;
    private volatile boolean stopped;
    private volatile boolean closing;
    private volatile boolean answered;
    private boolean everAnswered;
    private boolean heardHello;
    private boolean called;
    private int address;
    private int nodesTunnelId;
    private int nodesSessionId;
    private int echoes;
    private long nextAt;

    private Life(Topology topology, WarrenNode node, int tunnelId, End end, @Nullable Datagram stop, long seed) {
        InetSocketAddress lns = new InetSocketAddress(Topology.LNS_ADDRESS, 1701);
        this.tunnelId = tunnelId;
        this.end = end;
        this.stop = stop;
        this.node = node;
        this.socket = Namespace.open(topology, "lac", () -> ClientSocket.towards(lns));
        this.path = socket.pathTo(lns);
        this.random = new Random(seed);
        this.ledger = new ControlLedger(tunnelId, SECRET);
        this.tunnel = new TunnelEnd(
                tunnelId,
                tunnelSettings(end),
                _ -> callSettings(tunnelId),
                null,
                this::transmit,
                this,
                () -> new Moment(System.nanoTime(), Instant.now(), random));
        this.thread = Thread.ofPlatform().daemon().name("life-" + tunnelId).unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param stop null: never
     */
    static Life begin(Topology topology, WarrenNode node, int tunnelId, End end, @Nullable Datagram stop, long seed) {
        Life life = new Life(topology, node, tunnelId, end, stop, seed);
        life.thread.start();
        return life;
    }

    /** Our HELLOs come before the node's where it has the last word, and after them where we have it. */
    private static TunnelSettings tunnelSettings(End end) {
        Duration hello = end == End.BY_NODE ? Duration.ofMillis(200) : LONG;
        return new TunnelSettings(
                "life", "Warren", SECRET, true, 16, IMPATIENT, hello, false, LONG, 1, 1, FailoverSettings.OFF);
    }

    private static SessionSettings callSettings(int tunnelId) {
        Bytes password = Bytes.of(ManyCalls.PASSWORD.getBytes(StandardCharsets.UTF_8));
        SessionSettings usual = ClientSettings.call("life", "life-" + tunnelId, password);
        return new SessionSettings(usual.link(), usual.client(), LONG, LONG, usual.lcpTerminateWait());
    }

    // ---- what the test asks and tells, from its own thread

    /** Whether it has come to the datagram at which it stops. */
    boolean hasStopped() {
        return reached.getCount() == 0;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** All that came from the node in this life, each by its kind. */
    List<String> datagrams() {
        return List.copyOf(datagrams);
    }

    /** The node was killed. Whoever had stopped goes on. */
    void nodeKilled() {
        ledger.killed();
        answered = false;
        stopped = false;
    }

    ControlLedger ledger() {
        return ledger;
    }

    /** What was wrong in this life, to be asked when it is over. */
    List<String> faults() {
        List<String> all = new ArrayList<>(faults);
        all.addAll(ledger.faultsAtTheEnd());
        return all;
    }

    @Override
    public void close() throws IOException {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }

    // ---- the peer's thread

    private void run() {
        try {
            tunnel.open(path);
            while (!closing) {
                socket.await(TURN, this::received);
                if (!stopped) {
                    if (tunnel.deadline() <= System.nanoTime()) {
                        tunnel.tick();
                    }
                    goOn();
                }
            }
        } catch (IOException | RuntimeException e) {
            fault(e.toString());
        }
    }

    private void received(PeerPath from, byte[] datagram) {
        if (stopped) {
            left(datagram, false);
            return;
        }
        String kind = DatagramKind.of(datagram, SECRET);
        datagrams.add(kind);
        boolean here = isStop(kind);
        boolean arrives = stop == null || !here || stop.arrives();
        if (here) {
            stopped = true;
            reached.countDown();
        }
        left(datagram, arrives);
        if (arrives) {
            heardHello |= kind.equals(DatagramKind.HELLO);
            // Stopped, it takes this one, and what it would answer is lost.
            tunnel.received(from, datagram);
        }
    }

    private boolean isStop(String kind) {
        return stop != null
                && !hasStopped()
                && kind.equals(stop.kind())
                && Collections.frequency(datagrams, kind) == stop.occurrence();
    }

    private void transmit(PeerPath to, byte[] datagram) {
        if (!stopped) {
            try {
                ledger.sent(datagram);
            } catch (WireException e) {
                fault(e.toString());
            }
            socket.send(to, datagram);
        }
    }

    private void left(byte[] datagram, boolean arrived) {
        try {
            ledger.left(datagram, arrived);
        } catch (WireException e) {
            fault("malformed: " + e.getMessage());
        }
    }

    private void goOn() {
        if (phase == Phase.TUNNEL_ENDS && end == End.BY_PEER && tunnel.isOver()) {
            phase = Phase.OVER;
        }
        long now = System.nanoTime();
        if (now < nextAt) {
            return;
        }
        switch (phase) {
            case CALL -> {
                // Apart, so that the node has to write them one after the other.
                if (!called && ledger.allAcknowledged()) {
                    called = true;
                    tunnel.placeCall(SESSION, tunnelId);
                }
            }
            case UP -> {
                if (!answered) {
                    nextAt = now + AGAIN;
                    tunnel.send(SESSION, echo().request(++echoes));
                } else if (heardHello || end == End.BY_NODE && ledger.helloAcknowledged()) {
                    endCall();
                }
            }
            case CALL_ENDS -> {
                if (end == End.BY_NODE) {
                    nextAt = now + ASK_AGAIN;
                    askNode("/l2tp/sessions/" + nodesTunnelId + "-" + nodesSessionId);
                }
            }
            case TUNNEL_ENDS -> {
                if (end == End.BY_NODE) {
                    nextAt = now + ASK_AGAIN;
                    askNode("/l2tp/tunnels/" + nodesTunnelId);
                } else if (ledger.allAcknowledged()) {
                    tunnel.close(CLEAR);
                }
            }
            case TUNNEL, OVER -> {}
        }
    }

    private void endCall() {
        ForwardingEntry entry = tunnel.entry(SESSION);
        if (entry == null) {
            return;
        }
        nodesTunnelId = entry.peerTunnelId();
        nodesSessionId = entry.peerSessionId();
        phase = Phase.CALL_ENDS;
        nextAt = 0;
        if (end == End.BY_PEER) {
            tunnel.hangUp(SESSION, ADMINISTRATIVE, "the life ends");
        }
    }

    /** It may be killed before it answers; then it is asked again. */
    private void askNode(String resource) {
        Thread.ofPlatform().daemon().start(() -> node.http("DELETE", resource));
    }

    private IcmpEcho echo() {
        return new IcmpEcho(address, GATEWAY, tunnelId);
    }

    @Override
    public void tunnelChanged(TunnelEvent event) {
        if (event instanceof TunnelEvent.TunnelEstablished) {
            phase = Phase.CALL;
        } else if (event instanceof TunnelEvent.TunnelClosed closed) {
            if (phase != Phase.TUNNEL_ENDS) {
                fault("the tunnel was lost in phase " + phase + " by " + closed.by() + ": " + closed.result());
            }
            // Our own StopCCN has to be acknowledged yet; and the node's, if it is repeated.
            phase = closed.by().equals("local") ? Phase.TUNNEL_ENDS : Phase.OVER;
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
            case SessionEvent.NetworkUp up -> {
                if (everAnswered) {
                    fault("PPP came up anew, though packets had been forwarded");
                }
                address = up.link().localAddress();
                phase = Phase.UP;
                nextAt = 0;
            }
            case SessionEvent.Closed closed -> {
                if (phase != Phase.CALL_ENDS) {
                    fault("the call was lost in phase " + phase + " by " + closed.by() + ": " + closed.reason());
                }
                phase = Phase.TUNNEL_ENDS;
                nextAt = 0;
            }
        }
    }

    @Override
    public void packetArrived(SessionKey key, byte[] packet) {
        if (echo().sequenceOfReply(packet).orElse(0) > 0) {
            everAnswered = true;
            answered = true;
        }
    }

    private void fault(String what) {
        faults.add(what);
    }

    @Override
    public String toString() {
        return "tunnel " + tunnelId + ", which ends " + end + (stop == null ? "" : ", stopping " + stop);
    }
}
