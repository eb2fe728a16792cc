package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Layer;
import io.warren.ppp.ControlProtocol.Output;
import io.warren.ppp.ControlProtocol.Tally;
import io.warren.ppp.Negotiation.Verdict;
import io.warren.ppp.TransitionTable.Action;
import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.ppp.TransitionTable.Transition;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PppFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One input to a {@link ControlProtocol}, being worked out. Lives for that input only. */
final class ProtocolTurn<N extends Negotiation<N>> {
    private final int protocol;
    private final LinkSettings settings;
    private final Turn turn;
    private final List<Output> outputs = new ArrayList<>();

    private N negotiation;
    private State state;
    private int restartCount;
    private long deadline;
    private int nextId;
    private Tally tally;
    private ControlPacket.@Nullable ConfigureRequest pending;
    private boolean unheard;
    private ControlPacket.@Nullable ConfigureRequest acked;
    private ControlPacket.@Nullable ConfigureRequest held;

    ProtocolTurn(ControlProtocol<N> from, Turn turn) {
        this.turn = turn;
        protocol = from.protocol();
        settings = from.settings();
        negotiation = from.negotiation();
        state = from.state();
        restartCount = from.restartCount();
        deadline = from.deadline();
        nextId = from.nextId();
        tally = from.tally();
        pending = from.pending();
        unheard = from.unheard();
        acked = from.acked();
        held = from.held();
    }

    ControlProtocol.Step<N> finish() {
        return new ControlProtocol.Step<>(
                new ControlProtocol<>(
                        protocol,
                        settings,
                        negotiation,
                        state,
                        restartCount,
                        deadline,
                        nextId,
                        tally,
                        pending,
                        unheard,
                        acked,
                        held),
                List.copyOf(outputs));
    }

    /** An event that no packet goes with. */
    void event(Event event) {
        if (event == Event.UP) {
            begin();
        }
        run(event, null);
    }

    void received(ControlPacket packet, Bytes raw) {
        switch (packet) {
            case ControlPacket.ConfigureRequest request -> configureRequest(request);
            case ControlPacket.ConfigureAck ack -> configureAck(ack);
            case ControlPacket.ConfigureNak nak -> configureNak(nak);
            case ControlPacket.ConfigureReject reject -> configureReject(reject);
            case ControlPacket.TerminateRequest request ->
                run(Event.RTR, new ControlPacket.TerminateAck(request.id(), Bytes.EMPTY));
            case ControlPacket.TerminateAck ack -> terminateAck(ack);
            case ControlPacket.CodeReject reject -> codeReject(reject);
            case ControlPacket.ProtocolReject _,
                    ControlPacket.EchoRequest _,
                    ControlPacket.EchoReply _,
                    ControlPacket.Notice _,
                    ControlPacket.Unknown _ -> unknownCode(packet, raw);
        }
    }

    void repeatRequest() {
        ControlPacket.ConfigureRequest request = pending;
        if (request != null && state.timed()) {
            unheard = false;
            send(request);
            deadline = turn.now() + settings.restart().toNanos();
        }
    }

    void judgeHeld() {
        ControlPacket.ConfigureRequest request = held;
        if (request != null) {
            held = null;
            judge(request);
        }
    }

    /**
     * Once Opened, the very request that we acknowledged is a duplicate that the datagram network made, or the peer
     * lost our Ack: it gets its Ack again, a bounded number of times, and the link stays up. The automaton knows only
     * lines that do not repeat packets.
     */
    private void configureRequest(ControlPacket.ConfigureRequest request) {
        if (state == State.OPENED && request.equals(acked) && tally.repeatsAcked() < settings.maxFailure()) {
            tally = new Tally(
                    tally.naksSent(), tally.refusalsSent(), tally.refusalsReceived(), tally.repeatsAcked() + 1);
            send(new ControlPacket.ConfigureAck(request.id(), request.options()));
            return;
        }
        switch (state) {
            case OPENED, STOPPED -> {
                begin();
                judge(request);
            }
            case REQ_SENT, ACK_RCVD, ACK_SENT -> {
                if (unheard) {
                    // Now it negotiates: pppd does not speak IPCP before CCP is open, where it wants MPPE.
                    repeatRequest();
                }
                judge(request);
            }
            case INITIAL, STARTING, CLOSED, CLOSING, STOPPING ->
                run(Event.RCR_PLUS, new ControlPacket.TerminateAck(request.id(), Bytes.EMPTY));
        }
    }

    private void judge(ControlPacket.ConfigureRequest request) {
        Verdict<N> verdict = negotiation.judge(request.options(), turn.random());
        negotiation = verdict.next();
        if (negotiation.failure() != null) {
            return;
        }
        switch (verdict) {
            case Verdict.Ack<N> _ -> acknowledge(request);
            case Verdict.Nak<N>(N _, List<ConfigurationOption> options) -> nak(request, options);
            case Verdict.Reject<N>(N _, List<ConfigurationOption> options) -> reject(request, options);
            case Verdict.Hold<N> _ -> held = request;
        }
    }

    private void acknowledge(ControlPacket.ConfigureRequest request) {
        held = null;
        acked = request;
        tally = new Tally(0, 0, tally.refusalsReceived(), 0);
        run(Event.RCR_PLUS, new ControlPacket.ConfigureAck(request.id(), request.options()));
    }

    /** After Max-Failure Naks, options are rejected instead, and no more are suggested (RFC 1661 §4.6). */
    private void nak(ControlPacket.ConfigureRequest request, List<ConfigurationOption> options) {
        if (tally.naksSent() < settings.maxFailure()) {
            refused(1);
            run(Event.RCR_MINUS, new ControlPacket.ConfigureNak(request.id(), options));
            return;
        }
        Set<Integer> types = options.stream().map(ConfigurationOption::type).collect(Collectors.toSet());
        List<ConfigurationOption> wanted =
                request.options().stream().filter(o -> types.contains(o.type())).toList();
        if (wanted.isEmpty()) {
            acknowledge(request);
        } else {
            reject(request, wanted);
        }
    }

    /** A peer that asks for ever for what it cannot have is given up. */
    private void reject(ControlPacket.ConfigureRequest request, List<ConfigurationOption> options) {
        refused(0);
        if (tally.refusalsSent() > settings.maxConfigure() + settings.maxFailure()) {
            run(Event.TO_MINUS, null);
        } else {
            run(Event.RCR_MINUS, new ControlPacket.ConfigureReject(request.id(), options));
        }
    }

    private void refused(int naks) {
        held = null;
        acked = null;
        tally = new Tally(
                tally.naksSent() + naks, tally.refusalsSent() + 1, tally.refusalsReceived(), tally.repeatsAcked());
    }

    /** An Ack, Nak or Reject that does not answer our last request is silently discarded (RFC 1661 §5.2 to §5.4). */
    private ControlPacket.@Nullable ConfigureRequest answered(ControlPacket answer) {
        ControlPacket.ConfigureRequest request = pending;
        return request != null && request.id() == answer.id() ? request : null;
    }

    private void configureAck(ControlPacket.ConfigureAck ack) {
        ControlPacket.ConfigureRequest request = answered(ack);
        if (request != null && request.options().equals(ack.options())) {
            pending = null;
            tally = new Tally(tally.naksSent(), tally.refusalsSent(), 0, tally.repeatsAcked());
            run(Event.RCA, null);
        }
    }

    private void configureNak(ControlPacket.ConfigureNak nak) {
        if (answered(nak) != null) {
            negotiation = negotiation.naked(nak.options(), turn.random());
            requestRefused();
        }
    }

    private void configureReject(ControlPacket.ConfigureReject reject) {
        ControlPacket.ConfigureRequest request = answered(reject);
        if (request != null && request.options().containsAll(reject.options())) {
            negotiation = negotiation.rejected(reject.options());
            requestRefused();
        }
    }

    /** A peer that refuses for ever would keep the Restart counter full for ever. */
    private void requestRefused() {
        pending = null;
        tally = new Tally(tally.naksSent(), tally.refusalsSent(), tally.refusalsReceived() + 1, tally.repeatsAcked());
        if (negotiation.failure() == null) {
            run(tally.refusalsReceived() > settings.maxConfigure() ? Event.TO_MINUS : Event.RCN, null);
        }
    }

    private void terminateAck(ControlPacket.TerminateAck ack) {
        if (state == State.OPENED) {
            begin();
        }
        unheard |= answered(ack) != null;
        run(Event.RTA, null);
    }

    /** Without codes 1 to 6 no link can be; a peer may do without the others (RFC 1661 §5.6). */
    private void codeReject(ControlPacket.CodeReject reject) {
        int code = reject.rejected().length() > 0 ? reject.rejected().at(0) : 0;
        boolean fatal = code >= ControlPacket.CONFIGURE_REQUEST && code <= ControlPacket.TERMINATE_ACK;
        run(fatal ? Event.RXJ_MINUS : Event.RXJ_PLUS, null);
    }

    private void unknownCode(ControlPacket packet, Bytes raw) {
        int length = packet.encode().length();
        Bytes rejected = Turn.cut(Turn.cut(raw, length), turn.mtu() - ControlPacket.HEADER);
        run(Event.RUC, new ControlPacket.CodeReject(nextId, rejected));
        nextId = (nextId + 1) & 0xff;
    }

    private void begin() {
        negotiation = negotiation.restarted(turn.random());
        tally = Tally.NONE;
        pending = null;
        unheard = false;
        acked = null;
        held = null;
    }

    /** Takes one step of the table. {@code answer} is what sca, scn, sta and scj send. */
    private void run(Event event, @Nullable ControlPacket answer) {
        Transition transition = TransitionTable.of(state, event);
        if (transition == null) {
            return;
        }
        for (Action action : transition.actions()) {
            act(action, event, answer, transition);
        }
        state = transition.next();
        if (!state.timed()) {
            deadline = Long.MAX_VALUE;
        }
    }

    private void act(Action action, Event event, @Nullable ControlPacket answer, Transition transition) {
        switch (action) {
            case TLU -> outputs.add(Layer.UP);
            case TLD -> outputs.add(Layer.DOWN);
            case TLS -> outputs.add(Layer.STARTED);
            case TLF -> outputs.add(Layer.FINISHED);
            case IRC ->
                restartCount =
                        transition.actions().contains(Action.STR) ? settings.maxTerminate() : settings.maxConfigure();
            case ZRC -> {
                restartCount = 0;
                deadline = turn.now() + settings.restart().toNanos();
            }
            case SCR -> sendRequest(event);
            case STR -> {
                send(new ControlPacket.TerminateRequest(takeId(), Bytes.EMPTY));
                armTimer();
            }
            case STA -> send(answer != null ? answer : new ControlPacket.TerminateAck(takeId(), Bytes.EMPTY));
            case SCA, SCN, SCJ -> {
                if (answer != null) {
                    send(answer);
                }
            }
            case SER -> {} // Echo is LCP's own and answered by the link.
        }
    }

    /** A retransmission keeps its identifier, anything else needs a new one (RFC 1661 §5.1). */
    private void sendRequest(Event event) {
        ControlPacket.ConfigureRequest request = pending;
        if (request == null || event != Event.TO_PLUS) {
            request = new ControlPacket.ConfigureRequest(takeId(), negotiation.request());
            pending = request;
        }
        unheard = false;
        send(request);
        armTimer();
    }

    private void armTimer() {
        restartCount = Math.max(restartCount - 1, 0);
        deadline = turn.now() + settings.restart().toNanos();
    }

    private int takeId() {
        int id = nextId;
        nextId = (nextId + 1) & 0xff;
        return id;
    }

    private void send(ControlPacket packet) {
        outputs.add(new Output.Send(new PppFrame(protocol, packet.encode()).encode()));
    }
}
