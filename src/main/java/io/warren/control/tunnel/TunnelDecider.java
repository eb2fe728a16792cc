package io.warren.control.tunnel;

import io.warren.control.Moment;
import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.tunnel.ControlConnection.Timers;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one control connection (RFC 2661 §5, §7.2); owns no timer, socket or actor. What comes from the network
 * is in {@link Reception}, {@link Greeting}, {@link CallDesk} and {@link Failover}; what comes from ourselves is here.
 */
public final class TunnelDecider {
    /** The answer to who wants to recover a tunnel that is not there, or not his: they look the same. */
    public static final ResultCode NOTHING_TO_RECOVER = Failover.NOTHING_TO_RECOVER;

    /** More than a busy node has in hand while a restarted tunnel finds its numbers. */
    private static final int LARGEST_WAITING = 8_192;

    private static final Bytes HELLO = L2tpCodec.encodeBody(new Hello(), null);

    private TunnelDecider() {}

    public static TunnelDecision decide(TunnelState state, TunnelInput input, TunnelSettings settings, Moment moment) {
        return decide(state, input, settings, moment, true);
    }

    /**
     * @param writable whether the journal takes events now. When not, the decision has none: new calls and tunnels are
     *     refused, what needs no journal goes on, and the rest is put off ({@link TunnelEffect.Later})
     */
    public static TunnelDecision decide(
            TunnelState state, TunnelInput input, TunnelSettings settings, Moment moment, boolean writable) {
        TunnelDecision decision = decided(new Turn(state, settings, moment, writable), input);
        return writable || decision.events().isEmpty() ? decision : putOff(state, input);
    }

    private static TunnelDecision decided(Turn turn, TunnelInput input) {
        apply(turn, input);
        for (TunnelInput waiting = turn.nextDeferred(); waiting != null; waiting = turn.nextDeferred()) {
            apply(turn, waiting);
        }
        return turn.finished();
    }

    /** As if it had not come yet; a deadline that has passed will be found again. */
    private static TunnelDecision putOff(TunnelState state, TunnelInput input) {
        return new TunnelDecision(
                state,
                List.of(),
                input instanceof TunnelInput.Tick ? List.of() : List.of(new TunnelEffect.Later(input)));
    }

    /** What the journal lacks of the tunnel's numbers when another node is to go on with it; null for nothing. */
    public static @Nullable TunnelEvent numbersToNote(TunnelState state, Moment moment) {
        ControlConnection known = state.connection();
        if (known == null || !state.isLive()) {
            return null;
        }
        ReliableChannel channel = known.channel();
        if (channel.isSearching() || known.noted().drift(channel) == 0) {
            return null;
        }
        return new TunnelEvent.NumbersNoted(moment.wall(), channel.nextNs(), channel.nr(), channel.oldestUnacked());
    }

    /** Folds an event of the journal into the state. Pure, and equal to what {@link #decide} said then. */
    public static TunnelState evolve(TunnelState state, TunnelEvent event) {
        return TunnelHistory.evolve(state, event);
    }

    /** When {@link TunnelInput.Tick} is due next, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never. */
    public static long deadline(TunnelState state) {
        ControlConnection connection = state.connection();
        if (connection == null) {
            return Long.MAX_VALUE;
        }
        RecoveryTunnel recovery = connection.recovery();
        return Math.min(
                Math.min(connection.channel().deadline(), connection.timers().first()),
                recovery == null ? Long.MAX_VALUE : recovery.deadline());
    }

    private static void apply(Turn turn, TunnelInput input) {
        switch (input) {
            case TunnelInput.Received(var path, var packet) -> Reception.receive(turn, path, packet);
            case TunnelInput.Recover recover -> Failover.request(turn, recover);
            case TunnelInput.Open(var path) -> open(turn, path);
            case TunnelInput.Close close -> close(turn, close);
            case TunnelInput.PlaceCall call -> place(turn, call);
            case TunnelInput.Send send -> send(turn, send);
            case TunnelInput.Handled(int ns) -> handled(turn, ns);
            case TunnelInput.DataSeen _ -> dataSeen(turn);
            case TunnelInput.Tick _ -> tick(turn);
            case TunnelInput.Resume(Integer handled) -> resume(turn, handled);
        }
    }

    private static void open(Turn turn, PeerPath path) {
        switch (turn.state()) {
            case TunnelState.Idle _, TunnelState.Closed _ -> Greeting.request(turn, path);
            case TunnelState.WaitCtlReply _, TunnelState.WaitCtlConn _, TunnelState.Established _ ->
                turn.dropped("already-open");
        }
    }

    private static void close(Turn turn, TunnelInput.Close close) {
        switch (turn.state()) {
            case TunnelState.Idle _ -> turn.effect(new TunnelEffect.Stop());
            case TunnelState.WaitCtlReply _, TunnelState.WaitCtlConn _ -> turn.stop(close.by(), close.result());
            case TunnelState.Established _ -> {
                if (turn.canSpeak()) {
                    turn.stop(close.by(), close.result());
                } else {
                    turn.defer(close, LARGEST_WAITING);
                }
            }
            case TunnelState.Closed _ -> turn.dropped("tunnel-closed");
        }
    }

    private static void place(Turn turn, TunnelInput.PlaceCall call) {
        switch (turn.state()) {
            case TunnelState.Idle _, TunnelState.Closed _ ->
                turn.effect(new TunnelEffect.EndCall(call.sessionId(), "no tunnel"));
            case TunnelState.WaitCtlReply _, TunnelState.WaitCtlConn _ -> turn.defer(call, LARGEST_WAITING);
            case TunnelState.Established _ -> {
                if (turn.canSpeak()) {
                    CallDesk.place(turn, call);
                } else {
                    turn.defer(call, LARGEST_WAITING);
                }
            }
        }
    }

    private static void send(Turn turn, TunnelInput.Send send) {
        if (!(turn.state() instanceof TunnelState.Established)) {
            turn.dropped("no-tunnel");
        } else if (turn.canSpeak()) {
            CallDesk.send(turn, send.sessionId(), send.message());
        } else {
            turn.defer(send, LARGEST_WAITING);
        }
    }

    private static void handled(Turn turn, int ns) {
        if (turn.state() instanceof TunnelState.Established) {
            CallDesk.confirmed(turn, ns);
        }
    }

    private static void dataSeen(Turn turn) {
        if (turn.state() instanceof TunnelState.Established) {
            turn.update(turn.connection().timers().hello(Greeting.helloAt(turn)));
        }
    }

    private static void tick(Turn turn) {
        ControlConnection connection = turn.state().connection();
        if (connection == null) {
            return;
        }
        Reception.deliver(turn);
        Timers timers = turn.connection().timers();
        switch (turn.state()) {
            case TunnelState.Idle _ -> {}
            case TunnelState.WaitCtlReply _, TunnelState.WaitCtlConn _ -> {
                if (turn.now() >= timers.setupBy()) {
                    turn.stop("timeout", new ResultCode(1, 0, "not established in time"));
                }
            }
            case TunnelState.Established _ -> {
                if (turn.now() >= timers.helloAt()) {
                    hello(turn);
                }
                Failover.tick(turn);
            }
            case TunnelState.Closed _ -> {
                if (turn.now() >= timers.lingerUntil()) {
                    turn.update(Timers.NONE);
                    turn.effect(new TunnelEffect.Stop());
                }
            }
        }
    }

    /** Only after silence, and not while something else already finds out whether the peer lives. */
    private static void hello(Turn turn) {
        if (turn.channel().isIdle()) {
            turn.update(turn.channel().enqueueHello(HELLO));
        }
        turn.update(turn.connection().timers().hello(Greeting.helloAt(turn)));
    }

    /**
     * The first turn after recovery. HELLOs are not in the journal, and none is sent before the tunnel is up or after
     * it is closed, so only an established tunnel has to search for its number.
     *
     * @param handled what is known besides the journal of the peer's messages, see {@link TunnelInput.Resume}
     */
    private static void resume(Turn turn, @Nullable Integer handled) {
        TunnelSettings settings = turn.settings;
        ControlConnection connection = turn.state().connection();
        if (connection == null) {
            turn.effect(new TunnelEffect.Stop());
            return;
        }
        boolean established = turn.state() instanceof TunnelState.Established;
        boolean exact = !established && !(turn.state() instanceof TunnelState.Closed);
        ReliableChannel known =
                handled == null ? connection.channel() : connection.channel().handledTo(handled);
        turn.update(known.resumed(HELLO, established, exact, settings.receiveWindow()));
        switch (turn.state()) {
            case TunnelState.Idle _ -> {}
            case TunnelState.WaitCtlReply _, TunnelState.WaitCtlConn _ ->
                turn.update(Timers.setup(turn.in(settings.setupTimeout())));
            case TunnelState.Established _ -> {
                Greeting.established(turn);
                Failover.resume(turn);
                for (Call call : connection.calls().all()) {
                    turn.effect(new TunnelEffect.StartCall(call.offer()));
                }
            }
            case TunnelState.Closed _ -> {
                turn.update(Timers.linger(turn.in(settings.retransmit().cycle())));
                turn.endCalls("tunnel closed");
            }
        }
    }
}
