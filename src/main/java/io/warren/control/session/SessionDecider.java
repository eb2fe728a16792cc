package io.warren.control.session;

import io.warren.config.PrefixPlan;
import io.warren.control.Moment;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.session.SessionState.Closed;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Idle;
import io.warren.control.session.SessionState.Owing;
import io.warren.control.session.SessionState.WaitConnect;
import io.warren.control.session.SessionState.WaitReply;
import io.warren.control.tunnel.CallOffer;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one call; owns no timer, socket or actor. RFC 2661 §7.4: the states before a call is connected and after
 * it is over are here, the connected call is in {@link EstablishedCall}.
 */
public final class SessionDecider {
    private SessionDecider() {}

    /**
     * @param meters what was counted of the call until now
     */
    public static SessionDecision decide(
            SessionState state, SessionInput input, SessionSettings settings, Moment moment, Meters meters) {
        SessionStep step = new SessionStep(state, settings, moment, meters);
        switch (state) {
            case Idle _ -> inIdle(step, input);
            case WaitReply waiting -> inWaitReply(step, waiting, input);
            case WaitConnect waiting -> inWaitConnect(step, waiting, input);
            case Established call -> inEstablished(step, call, input);
            case Owing owing -> inOwing(step, owing, input);
            case Closed closed -> inClosed(step, closed, input);
        }
        return step.decision(input);
    }

    /**
     * The same, when the journal may be gone.
     *
     * @param writable whether it takes events now. When not, the decision has none: what needs no journal goes on; a
     *     frame that does is lost, and PPP repeats it; the rest is put off ({@link SessionEffect.Later})
     */
    public static SessionDecision decide(
            SessionState state,
            SessionInput input,
            SessionSettings settings,
            Moment moment,
            Meters meters,
            boolean writable) {
        SessionDecision decision = decide(state, input, settings, moment, meters);
        return writable || decision.events().isEmpty()
                ? decision
                : new SessionDecision(state, List.of(), insteadOf(input));
    }

    /** A deadline that has passed will be found again. */
    private static List<SessionEffect> insteadOf(SessionInput input) {
        return switch (input) {
            case SessionInput.Tick _, SessionInput.Leave _ -> List.of();
            case SessionInput.Frame _ ->
                List.of(new SessionEffect.Dropped("PPP frame while the journal cannot be written"));
            case SessionInput.Offered _,
                    SessionInput.Control _,
                    SessionInput.AccessDecided _,
                    SessionInput.AddressLeased _,
                    SessionInput.Accounted _,
                    SessionInput.Close _,
                    SessionInput.Limit _,
                    SessionInput.Timeouts _,
                    SessionInput.Filters _,
                    SessionInput.TunnelDown _,
                    SessionInput.Resume _ -> List.of(new SessionEffect.Later(input));
        };
    }

    /** Folds an event of the journal into the state. */
    public static SessionState evolve(SessionState state, SessionEvent event) {
        return switch (event) {
            case SessionEvent.Connected connected -> new Established(connected, null, null, Books.NONE, null);
            case SessionEvent.NetworkUp up -> state instanceof Established call ? call.with(up) : state;
            case SessionEvent.LimitsChanged changed ->
                state instanceof Established call ? call.under(changed.limits()) : state;
            case SessionEvent.TimeoutsChanged changed ->
                state instanceof Established call ? call.within(changed) : state;
            case SessionEvent.FiltersChanged changed ->
                state instanceof Established call ? call.behind(changed.filters()) : state;
            case SessionEvent.AccountingStarted _ ->
                switch (state) {
                    case Established call -> call.with(call.books().acknowledged());
                    case Owing owing -> owing.with(owing.books().acknowledged());
                    case Idle _, WaitReply _, WaitConnect _, Closed _ -> state;
                };
            case SessionEvent.TrafficNoted noted ->
                state instanceof Established call ? call.with(call.books().with(noted)) : state;
            case SessionEvent.Over over ->
                state instanceof Established call ? new Owing(call.durable(), over, Reporting.NONE) : state;
            case SessionEvent.Closed closed -> new Closed(state.key(), closed, connected(state));
        };
    }

    private static SessionEvent.@Nullable Connected connected(SessionState state) {
        return switch (state) {
            case Established call -> call.connected();
            case Owing owing -> owing.connected();
            case Idle _, WaitReply _, WaitConnect _, Closed _ -> null;
        };
    }

    /** When {@link SessionInput.Tick} is due next, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never. */
    public static long deadline(SessionState state) {
        return switch (state) {
            case WaitReply waiting -> waiting.deadline();
            case WaitConnect waiting -> waiting.deadline();
            case Established call -> EstablishedCall.deadline(call);
            case Owing owing -> owing.reporting().due();
            case Idle _, Closed _ -> Long.MAX_VALUE;
        };
    }

    /** What the data plane must hold for this call; null for nothing. For the bulk restore from the journal. */
    public static @Nullable ForwardingEntry forwardingEntry(SessionState state) {
        return state instanceof Established call ? Forwarding.entry(call) : null;
    }

    /** The address that this call has leased, as a big-endian int; to be marked as such after a restart. */
    public static OptionalInt leasedAddress(SessionState state) {
        return state instanceof Established call ? Forwarding.leasedAddress(call) : OptionalInt.empty();
    }

    /** All that this call has leased, see {@link PrefixPlan}; to be marked as such after a restart. */
    public static List<Integer> leased(SessionState state) {
        return state instanceof Established call ? Forwarding.leased(call) : List.of();
    }

    private static void inIdle(SessionStep step, SessionInput input) {
        switch (input) {
            case SessionInput.Offered(CallOffer call) -> offered(step, call);
            case SessionInput.Control(int _, ControlMessage message) -> {
                step.dropped(message.type() + " for a call that does not exist");
                connectsOnceOffered(step, message);
                step.stop();
            }
            case SessionInput.Frame _ -> {
                step.dropped("PPP frame for a call that does not exist");
                step.stop();
            }
            case SessionInput.AccessDecided decided -> giveBack(step, decided);
            case SessionInput.AddressLeased leased -> giveBack(step, leased);
            case SessionInput.Close _,
                    SessionInput.TunnelDown _,
                    SessionInput.Limit _,
                    SessionInput.Timeouts _,
                    SessionInput.Filters _ -> step.stop();
            case SessionInput.Resume _, SessionInput.Leave _, SessionInput.Accounted _ -> {}
            case SessionInput.Tick _ -> wokenInVain(step);
        }
    }

    /**
     * The tunnel has a call that this session does not know: the offer was lost when the session moved to another node
     * before it had anything to write down. Had it confirmed the message, the call would never be connected.
     */
    private static void connectsOnceOffered(SessionStep step, ControlMessage message) {
        if (message.type().connectsCall()) {
            step.again();
        }
    }

    /**
     * Nothing is ever due when there is no call: whoever wakes it has read a journal that was not up to date, and may
     * have put an entry into the forwarding plane.
     */
    private static void wokenInVain(SessionStep step) {
        step.plane(new SessionEffect.Uninstall());
        step.stop();
    }

    /** RFC 2661 §7.4.1, wait-reply. */
    private static void inWaitReply(SessionStep step, WaitReply waiting, SessionInput input) {
        if (input instanceof SessionInput.Control(int ns, ControlMessage message)
                && message instanceof ControlMessage.Icrp icrp) {
            if (icrp.assignedSessionId() == 0) {
                refuse(
                        step,
                        CallEnd.local(
                                "ICRP assigns session id 0",
                                ResultCode.error(CdnResult.VALUE_OUT_OF_RANGE, "Assigned Session ID is 0"),
                                null));
            } else {
                EstablishedCall.connectAsLac(step, waiting.call(), icrp.assignedSessionId(), ns);
            }
        } else {
            whileWaiting(step, waiting.call(), waiting.deadline(), "ICRP", "wait-reply", input);
        }
    }

    /** RFC 2661 §7.4.2, wait-connect. */
    private static void inWaitConnect(SessionStep step, WaitConnect waiting, SessionInput input) {
        if (input instanceof SessionInput.Control(int ns, ControlMessage message)
                && message instanceof ControlMessage.Iccn iccn) {
            EstablishedCall.connectAsLns(step, waiting.call(), iccn, ns);
        } else {
            whileWaiting(step, waiting.call(), waiting.deadline(), "ICCN", "wait-connect", input);
        }
    }

    /** What the two waiting states have in common: all but the message that is awaited. */
    private static void whileWaiting(
            SessionStep step, CallOffer call, long deadline, String awaited, String name, SessionInput input) {
        switch (input) {
            case SessionInput.Offered(CallOffer again) -> {
                if (!sameCall(call, again)) {
                    step.closedWithTunnel("its ids were given to a new call", SessionCounters.ZERO);
                    offered(step, again);
                }
            }
            case SessionInput.Control(int _, ControlMessage message) -> messageWhileWaiting(step, name, message);
            // data may overtake the message that connects the call; the peer repeats what PPP needs
            case SessionInput.Frame _ -> step.dropped("PPP frame before " + awaited);
            case SessionInput.AccessDecided decided -> giveBack(step, decided);
            case SessionInput.AddressLeased leased -> giveBack(step, leased);
            case SessionInput.Close(ResultCode result, String by, String reason) ->
                refuse(step, CallEnd.asked(by, reason, result));
            case SessionInput.Limit _ -> step.dropped("limits for a call that is not up");
            case SessionInput.Timeouts _ -> step.dropped("timeouts for a call that is not up");
            case SessionInput.Filters _ -> step.dropped("filters for a call that is not up");
            case SessionInput.TunnelDown(String reason) -> step.closedWithTunnel(reason, SessionCounters.ZERO);
            case SessionInput.Tick _ -> {
                if (step.moment().nanos() >= deadline) {
                    refuse(step, CallEnd.notConnected(awaited));
                }
            }
            case SessionInput.Resume _, SessionInput.Leave _, SessionInput.Accounted _ -> {}
        }
    }

    /**
     * The rows of §7.4.1 and §7.4.2 for messages that are not awaited. For an ICCN in wait-reply the table has no CDN;
     * we send one all the same, since the peer seems to think that it has a call.
     */
    private static void messageWhileWaiting(SessionStep step, String name, ControlMessage message) {
        switch (message) {
            case ControlMessage.Cdn cdn -> step.closed(CallEnd.byCdn(cdn), SessionCounters.ZERO);
            case ControlMessage.Wen _, ControlMessage.Sli _, ControlMessage.Csun _, ControlMessage.Csurq _ ->
                step.dropped(message.type() + " in state " + name);
            case ControlMessage.Icrq _,
                    ControlMessage.Icrp _,
                    ControlMessage.Iccn _,
                    ControlMessage.Ocrq _,
                    ControlMessage.Ocrp _,
                    ControlMessage.Occn _ -> refuse(step, CallEnd.unexpected(message, name));
            case ControlMessage.Sccrq _,
                    ControlMessage.Sccrp _,
                    ControlMessage.Scccn _,
                    ControlMessage.StopCcn _,
                    ControlMessage.Fsq _,
                    ControlMessage.Fsr _,
                    ControlMessage.Hello _ -> step.dropped(message.type() + " is not a call's message");
        }
    }

    private static void inEstablished(SessionStep step, Established call, SessionInput input) {
        if (input instanceof SessionInput.Frame frame
                && !frame.isFromPeer(call.connected().call())) {
            step.dropped("PPP frame from an address or port that is not its tunnel's");
        } else {
            EstablishedCall.decide(step, call, input);
        }
    }

    private static void inClosed(SessionStep step, Closed closed, SessionInput input) {
        switch (input) {
            case SessionInput.Offered(CallOffer call) -> {
                if (isOver(closed, call)) {
                    endAgain(step, closed.event());
                    step.stop();
                } else {
                    offered(step, call);
                }
            }
            case SessionInput.Control(int _, ControlMessage message) -> {
                connectsOnceOffered(step, message);
                step.stop();
            }
            case SessionInput.Close _,
                    SessionInput.TunnelDown _,
                    SessionInput.Limit _,
                    SessionInput.Timeouts _,
                    SessionInput.Filters _ -> step.stop();
            case SessionInput.Frame _ -> {
                step.dropped("PPP frame after the call");
                step.stop();
            }
            case SessionInput.AccessDecided decided -> {
                giveBack(step, decided);
                step.stop();
            }
            case SessionInput.AddressLeased leased -> {
                giveBack(step, leased);
                step.stop();
            }
            case SessionInput.Resume _ -> step.plane(new SessionEffect.Uninstall());
            case SessionInput.Leave _, SessionInput.Accounted _ -> {}
            case SessionInput.Tick _ -> wokenInVain(step);
        }
    }

    private static void inOwing(SessionStep step, Owing owing, SessionInput input) {
        CallBooks books = new CallBooks(step);
        switch (input) {
            case SessionInput.Offered(CallOffer call) -> {
                if (sameCall(owing.connected().call(), call)) {
                    endAgain(step, owing.over().settled());
                } else {
                    refuseWhileOwing(step);
                }
            }
            case SessionInput.Control _,
                    SessionInput.Close _,
                    SessionInput.TunnelDown _,
                    SessionInput.Limit _,
                    SessionInput.Timeouts _,
                    SessionInput.Filters _ -> {}
            case SessionInput.Frame _ -> step.dropped("PPP frame after the call");
            case SessionInput.AccessDecided decided -> giveBack(step, decided);
            case SessionInput.AddressLeased leased -> giveBack(step, leased);
            case SessionInput.Accounted answer -> books.answered(owing, answer);
            case SessionInput.Leave _ -> {}
            case SessionInput.Resume _ -> {
                step.plane(new SessionEffect.Uninstall());
                books.settle(owing);
            }
            case SessionInput.Tick _ -> books.tick(owing);
        }
    }

    /** The ids are those of a call whose accounting is owed yet: another call with them would mix the two up. */
    private static void refuseWhileOwing(SessionStep step) {
        step.effect(new SessionEffect.SendControl(
                CallEnd.busy("its ids are in use").toCdn(step.state().key().sessionId())));
    }

    /** The tunnel missed our CDN: it must have it to end the call on its side. */
    private static void endAgain(SessionStep step, SessionEvent.Closed end) {
        ResultCode result = end.result() != null ? end.result() : CdnResult.ADMINISTRATIVE.with("call is over");
        step.effect(new SessionEffect.SendControl(new ControlMessage.Cdn(
                result, step.state().key().sessionId(), null, end.disconnectCause(), List.of())));
    }

    static void offered(SessionStep step, CallOffer call) {
        if (step.state() instanceof Owing) {
            refuseWhileOwing(step);
            return;
        }
        long deadline = step.in(step.settings().connectTimeout());
        step.goOn();
        step.become(call.initiator() ? new WaitReply(call, deadline) : new WaitConnect(call, deadline));
    }

    /** Whether both say the same of a call, but for the peer's session id, which the LAC end learns late. */
    static boolean sameCall(CallOffer one, CallOffer other) {
        return one.at().equals(other.at())
                && one.callSerialNumber() == other.callSerialNumber()
                && one.peerTunnelId() == other.peerTunnelId()
                && one.initiator() == other.initiator();
    }

    /** An address for a call that cannot use it. */
    static void giveBack(SessionStep step, SessionInput.AccessDecided late) {
        step.dropped("access decided too late");
        CallPrefixes.late(step, late.decision());
        if (late.decision() instanceof AccessDecision.Granted granted) {
            step.effect(new SessionEffect.ReleaseAddress(granted.address()));
        }
    }

    static void giveBack(SessionStep step, SessionInput.AddressLeased late) {
        step.dropped("address leased too late");
        if (late.granted()) {
            step.effect(new SessionEffect.ReleaseAddress(late.address()));
        }
    }

    private static void refuse(SessionStep step, CallEnd end) {
        step.closedWithCdn(end, SessionCounters.ZERO);
    }

    /** Whether the offer is of the call that is over. One that never connected is known by its time only. */
    private static boolean isOver(Closed closed, CallOffer call) {
        SessionEvent.Connected connected = closed.connected();
        Instant end = closed.event().at();
        return connected != null ? sameCall(connected.call(), call) : !call.at().isAfter(end);
    }
}
