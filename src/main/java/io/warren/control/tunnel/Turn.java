package io.warren.control.tunnel;

import io.warren.control.Moment;
import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.reliable.Segment;
import io.warren.control.tunnel.ControlConnection.Timers;
import io.warren.control.tunnel.TunnelEvent.NumbersNoted;
import io.warren.control.tunnel.TunnelEvent.Outgoing;
import io.warren.control.tunnel.TunnelEvent.TunnelClosed;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.Hiding;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePVector;

/**
 * One decision in the making: collects events and effects, and applies each event to the state at once, the same way
 * as recovery does. Lives for one call of {@link TunnelDecider#decide}.
 */
final class Turn {
    /** Far below half of the number space, so that what the journal knows can always be compared. */
    static final int LARGEST_DRIFT = 8_192;

    private static final int RANDOM_VECTOR_LENGTH = 16;

    final TunnelSettings settings;
    final Moment moment;
    /** Whether the journal takes events now; without it, none may come of this turn. */
    final boolean writable;

    private TunnelState state;
    private final List<TunnelEvent> events = new ArrayList<>();
    private final List<TunnelEffect> effects = new ArrayList<>();

    Turn(TunnelState state, TunnelSettings settings, Moment moment, boolean writable) {
        this.state = state;
        this.settings = settings;
        this.moment = moment;
        this.writable = writable;
    }

    TunnelState state() {
        return state;
    }

    /** Only where the state is known not to be idle. */
    ControlConnection connection() {
        ControlConnection connection = state.connection();
        if (connection == null) {
            throw new IllegalStateException("an idle tunnel has no connection");
        }
        return connection;
    }

    ReliableChannel channel() {
        return connection().channel();
    }

    long now() {
        return moment.nanos();
    }

    long in(Duration wait) {
        return moment.nanos() + wait.toNanos();
    }

    /** For this tunnel as it is now. */
    RetransmitPolicy retransmit() {
        return Failover.retransmit(state, settings);
    }

    /** Whether new messages can be numbered: the tunnel is up, and our number is known. */
    boolean canSpeak() {
        return state instanceof TunnelState.Established && !channel().isSearching();
    }

    void commit(TunnelEvent event) {
        events.add(event);
        state = TunnelHistory.evolve(state, event);
    }

    void effect(TunnelEffect effect) {
        effects.add(effect);
    }

    void dropped(String reason) {
        effects.add(new TunnelEffect.Dropped(reason));
    }

    void update(ControlConnection connection) {
        state = state.with(connection);
    }

    void update(ReliableChannel channel) {
        update(connection().with(channel));
    }

    void update(CallTable calls) {
        update(connection().with(calls));
    }

    void update(Timers timers) {
        update(connection().with(timers));
    }

    /** The effect of this message is in the events of this turn, or it has none. */
    void handled(int ns) {
        update(channel().handled(ns));
    }

    Bytes encoded(ControlMessage message) {
        TunnelSecret secret = settings.secret();
        return L2tpCodec.encodeBody(
                message,
                settings.hideAvps() && secret != null ? new Hiding(secret, randomBytes(RANDOM_VECTOR_LENGTH)) : null);
    }

    Bytes randomBytes(int length) {
        byte[] octets = new byte[length];
        moment.random().nextBytes(octets);
        return Bytes.of(octets);
    }

    /** A message under its number, for the event that makes it part of the conversation. */
    Outgoing outgoing(int sessionId, ControlMessage message) {
        ReliableChannel channel = channel();
        return new Outgoing(channel.nextNs(), channel.nr(), channel.oldestUnacked(), sessionId, encoded(message));
    }

    /** Lets an input wait until {@link #canSpeak}. */
    void defer(TunnelInput input, int limit) {
        ControlConnection connection = connection();
        if (connection.deferred().size() >= limit) {
            dropped("too-many-waiting");
        } else {
            update(connection.with(connection.deferred().plus(input)));
        }
    }

    /** Takes the first waiting input, if its time has come. */
    @Nullable
    TunnelInput nextDeferred() {
        if (!canSpeak() || connection().deferred().isEmpty()) {
            return null;
        }
        TunnelInput first = connection().deferred().get(0);
        update(connection().with(connection().deferred().minus(0)));
        return first;
    }

    /** Ends the tunnel and every call in it, with a StopCCN, and stays to acknowledge repetitions. */
    void stop(String by, ResultCode result) {
        Outgoing stopCcn = outgoing(0, new StopCcn(connection().tunnelId(), result, List.of()));
        close(new TunnelClosed(moment.wall(), by, result, stopCcn));
    }

    /** The same after the peer's StopCCN: there is nothing to say. */
    void stoppedByPeer(ResultCode result) {
        close(new TunnelClosed(moment.wall(), TunnelClosed.PEER, result, null));
    }

    /** Ends the tunnel without a word; nobody is there who would repeat anything. */
    void vanish(String by, ResultCode result) {
        close(new TunnelClosed(moment.wall(), by, result, null));
        update(Timers.linger(now()));
    }

    private void close(TunnelClosed event) {
        endCalls(event.by());
        commit(event);
        update(connection()
                .with(channel().handledAll())
                .with(Timers.linger(in(settings.retransmit().cycle())))
                .with(TreePVector.empty()));
    }

    /** Sessions die silently with the tunnel (RFC 2661 §5.7). */
    void endCalls(String reason) {
        for (Call call : connection().calls().all()) {
            effect(new TunnelEffect.EndCall(call.sessionId(), reason));
        }
        for (TunnelInput input : connection().deferred()) {
            if (input instanceof TunnelInput.PlaceCall call) {
                effect(new TunnelEffect.EndCall(call.sessionId(), reason));
            }
        }
    }

    /** An answer outside of any conversation: no state remembers it, no number is used up. */
    void answerStateless(PeerPath path, int peerTunnelId, int ns, int nr, Bytes body) {
        effect(new TunnelEffect.Transmit(path, L2tpCodec.frame(peerTunnelId, 0, ns, nr, body)));
    }

    TunnelDecision finished() {
        if (state.connection() != null) {
            if (!writable) {
                acknowledgeWithoutJournal();
            }
            flush();
        }
        return new TunnelDecision(state, List.copyOf(events), List.copyOf(effects));
    }

    /**
     * Messages wait for their sessions, and sessions for the journal: if their acknowledgements did, too, the peer would
     * give the tunnel up with all its calls. The session has the message in memory, and the number of a CDN is kept.
     */
    private void acknowledgeWithoutJournal() {
        for (int ns : connection().calls().unconfirmed().keySet()) {
            handled(ns);
        }
    }

    private void flush() {
        ReliableChannel.Transmission transmission =
                channel().flush(now(), retransmit(), settings.isTolerant(connection()));
        if (transmission.dead()) {
            boolean closing = state instanceof TunnelState.Closed;
            if (closing) {
                update(channel().abandoned());
            } else {
                vanish("timeout", new ResultCode(1, null, "the peer acknowledges nothing"));
                effect(new TunnelEffect.Stop());
            }
            return;
        }
        update(transmission.channel());
        noteNumbers();
        ControlConnection connection = connection();
        for (Segment segment : transmission.segments()) {
            Bytes datagram = L2tpCodec.frame(
                    connection.peer().tunnelId(), segment.sessionId(), segment.ns(), segment.nr(), segment.body());
            effect(new TunnelEffect.Transmit(connection.peer().path(), datagram));
        }
        Failover.flush(this);
    }

    private void noteNumbers() {
        ReliableChannel channel = channel();
        if (writable && canSpeak() && connection().noted().drift(channel) >= LARGEST_DRIFT) {
            commit(new NumbersNoted(moment.wall(), channel.nextNs(), channel.nr(), channel.oldestUnacked()));
        }
    }
}
