package io.warren.control.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotSelectionCriteria;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import akka.persistence.typed.javadsl.SignalHandler;
import io.warren.control.Alarm;
import io.warren.control.Moment;
import io.warren.control.Tally;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.SessionKey;
import io.warren.control.tunnel.TunnelInput;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.DataPacket;
import io.warren.wire.l2tp.L2tpCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sharded, event-sourced shell around {@link SessionDecider}: persists its events, then runs its effects, and
 * owns its one timer. Decides nothing itself.
 */
public final class SessionEntity extends EventSourcedBehavior<SessionCommand, SessionEvent, SessionState> {
    public static final EntityTypeKey<SessionCommand> KEY = EntityTypeKey.create(SessionCommand.class, "session");

    private static final long RETRY_NANOS = Duration.ofMillis(250).toNanos();

    /** Of one call, while the journal is gone. */
    private static final int LARGEST_WAITING = 64;

    private final SessionKey key;
    private final SessionSettings settings;
    private final SessionWorld world;
    private final ActorContext<SessionCommand> context;
    private final Alarm<SessionCommand> alarm;
    private final AddressAnswers answers;
    private SessionState current;
    private boolean seated;
    /** What is put off until the journal takes events again, in order. */
    private final Deque<SessionInput> later = new ArrayDeque<>();
    /** What is being persisted; to be decided again if that fails. */
    private @Nullable SessionInput unsettled;
    /** What the event handler shall answer while the events of a decision are being persisted; null in recovery. */
    private @Nullable SessionState decided;

    private SessionEntity(
            SessionKey key,
            SessionSettings settings,
            SessionWorld world,
            ActorContext<SessionCommand> context,
            Alarm<SessionCommand> alarm) {
        super(
                PersistenceId.of("session", key.toString()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(2), 0.2)
                        // Whoever writes says once what is wrong; thousands of entities need not.
                        .withLoggingEnabled(false));
        this.key = key;
        this.settings = settings;
        this.world = world;
        this.context = context;
        this.alarm = alarm;
        ActorRef<SessionCommand> self = context.getSelf();
        this.answers = new AddressAnswers(
                key, world.access(), world.tally(), answer -> self.tell(new SessionCommand.Decide(answer)));
        this.current = new SessionState.Idle(key);
    }

    public static Behavior<SessionCommand> create(SessionKey key, SessionSettings settings, SessionWorld world) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new SessionEntity(key, settings, world, context, new Alarm<>(timers, new SessionCommand.Wake()))));
    }

    @Override
    public SessionState emptyState() {
        return new SessionState.Idle(key);
    }

    @Override
    public CommandHandler<SessionCommand, SessionEvent, SessionState> commandHandler() {
        return (_, command) -> switch (command) {
            case SessionCommand.Decide(SessionInput input) -> inTurn(input);
            case SessionCommand.Ask(SessionInput input, ActorRef<SessionAnswer> replyTo) -> ask(input, replyTo);
            case SessionCommand.Wake() -> wake();
            case SessionCommand.HandOff() -> handOff();
        };
    }

    @Override
    public EventHandler<SessionState, SessionEvent> eventHandler() {
        return (state, event) -> {
            SessionState live = decided;
            return live != null ? live : SessionDecider.evolve(state, event);
        };
    }

    @Override
    public SignalHandler<SessionState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::recovered)
                .onSignal(PreRestart.instance(), _ -> forget())
                .build();
    }

    /** A call's journal is short; it has no snapshots to look for. */
    @Override
    public Recovery recovery() {
        return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
    }

    private void recovered(SessionState state) {
        current = state;
        takeNote();
        releaseWhatWasExpected(state);
        takeSeat();
        SessionDecider.leased(state).forEach(address -> world.access().restore(key, address));
        if (!(state instanceof SessionState.Idle)) {
            resume();
        }
        if (!later.isEmpty()) {
            context.getSelf().tell(new SessionCommand.Wake());
        }
    }

    /** What the journal knows of other nodes' counters is nobody else's to remember. */
    private void takeNote() {
        if (current instanceof SessionState.Established call) {
            world.plane().noted(key, call.books().meters());
        }
    }

    /** A bulk read of the journal may have been behind, and have had another address restored for this call. */
    private void releaseWhatWasExpected(SessionState state) {
        SessionDirectory.Seat expected = world.sessions().find(key);
        if (expected != null && expected.actor() == null) {
            List<Integer> leased = SessionDecider.leased(state);
            for (int address : SessionDecider.leased(expected.state())) {
                if (!leased.contains(address)) {
                    world.access().release(key, address);
                }
            }
        }
    }

    /** From now on frames come straight here; not before there is a call that they could belong to. */
    private void takeSeat() {
        if (!(current instanceof SessionState.Idle || current instanceof SessionState.Owing)) {
            seated = true;
            world.sessions().seat(key, context.getSelf(), current);
        }
    }

    /** Before a restart, after the journal failed: what was not written has not happened. */
    private void forget() {
        world.tally().count(Tally.JOURNAL_FAILED, "session " + key);
        decided = null;
        alarm.rang();
        SessionInput failed = unsettled;
        unsettled = null;
        if (failed != null) {
            offerAgain();
            putOff(failed);
        }
    }

    /** The journal knows nothing of a call before it is connected. */
    private void offerAgain() {
        switch (current) {
            case SessionState.WaitReply waiting -> putOff(new SessionInput.Offered(waiting.call()));
            case SessionState.WaitConnect waiting -> putOff(new SessionInput.Offered(waiting.call()));
            case SessionState.Idle _, SessionState.Established _, SessionState.Owing _, SessionState.Closed _ -> {}
        }
    }

    private void putOff(SessionInput input) {
        if (later.size() < LARGEST_WAITING && !isRepeated(input)) {
            later.add(input);
        }
    }

    /** What comes again by itself. */
    private static boolean isRepeated(SessionInput input) {
        return input instanceof SessionInput.Frame || input instanceof SessionInput.Tick;
    }

    /** Nothing overtakes what is put off, but for what its order means nothing to. */
    private Effect<SessionEvent, SessionState> inTurn(SessionInput input) {
        if (later.isEmpty() || isRepeated(input) || input instanceof SessionInput.Resume) {
            return decide(input);
        }
        putOff(input);
        return Effect().none();
    }

    /** Goes on at once, before what waits is looked at; only a resumption that must be journalled has to queue. */
    private void resume() {
        SessionInput input = new SessionInput.Resume();
        Moment moment = world.clock().now();
        SessionDecision decision = SessionDecider.decide(
                current, input, settings, moment, world.plane().meters(key));
        if (decision.events().isEmpty()) {
            carryOut(decision, moment);
        } else {
            context.getSelf().tell(new SessionCommand.Decide(input));
        }
    }

    private Effect<SessionEvent, SessionState> ask(@Nullable SessionInput input, ActorRef<SessionAnswer> replyTo) {
        replyTo.tell(SessionAnswer.of(current, world.plane().counters(key)));
        if (!thereIsACall() && later.isEmpty()) {
            // the question woke an actor for a call that is not there, or not any more
            stop();
            return Effect().none();
        }
        return input == null ? Effect().none() : inTurn(input);
    }

    private Effect<SessionEvent, SessionState> wake() {
        alarm.rang();
        if (!later.isEmpty() && world.journal().writable()) {
            SessionInput first = later.remove();
            if (!later.isEmpty()) {
                context.getSelf().tell(new SessionCommand.Wake());
            }
            return decide(first);
        }
        long now = world.clock().now().nanos();
        if (thereIsACall() && now < SessionDecider.deadline(current)) {
            setAlarm(now);
            return Effect().none();
        }
        return decide(new SessionInput.Tick());
    }

    private boolean thereIsACall() {
        return !(current instanceof SessionState.Idle || current instanceof SessionState.Closed);
    }

    /** While the journal is gone, what is due is looked at again and again, but not all the time. */
    private void setAlarm(long now) {
        long soon = now + RETRY_NANOS;
        long deadline = SessionDecider.deadline(current);
        if (!world.journal().writable()) {
            deadline = Math.max(deadline, soon);
        }
        alarm.set(later.isEmpty() ? deadline : Math.min(deadline, soon), now);
    }

    /** Counters stay behind with this node's plane: they go into the journal first, where they are needed. */
    private Effect<SessionEvent, SessionState> handOff() {
        Moment moment = world.clock().now();
        SessionDecision decision = SessionDecider.decide(
                current,
                new SessionInput.Leave(),
                settings,
                moment,
                world.plane().meters(key),
                world.journal().writable());
        world.sessions().handOver(key, context.getSelf());
        return decision.events().isEmpty()
                ? Effect().stop()
                : Effect().persist(decision.events()).thenStop();
    }

    private Effect<SessionEvent, SessionState> decide(SessionInput input) {
        Moment moment = world.clock().now();
        SessionDecision decision = SessionDecider.decide(
                current,
                input,
                settingsFor(input),
                moment,
                world.plane().meters(key),
                world.journal().writable());
        if (decision.events().isEmpty()) {
            carryOut(decision, moment);
            return Effect().none();
        }
        decided = decision.state();
        unsettled = input;
        return Effect().persist(decision.events()).thenRun(_ -> {
            decided = null;
            unsettled = null;
            carryOut(decision, moment);
        });
    }

    /** PPP begins with the ICCN: without room for compression it must not be agreed upon. */
    private SessionSettings settingsFor(SessionInput input) {
        if (!(input instanceof SessionInput.Control(int _, ControlMessage.Iccn _))
                || world.plane().hasRoomForCompression()) {
            return settings;
        }
        world.tally().count("compression refused, no room", "session " + key);
        return CallCompression.without(settings);
    }

    private void carryOut(SessionDecision decision, Moment moment) {
        current = decision.state();
        if (seated) {
            world.sessions().update(key, current);
        } else {
            takeSeat();
        }
        for (SessionEvent event : decision.events()) {
            world.log().happened(current, event);
            if (event instanceof SessionEvent.TrafficNoted) {
                takeNote();
            }
        }
        run(decision.effects());
        setAlarm(moment.nanos());
    }

    private void run(List<SessionEffect> effects) {
        for (SessionEffect effect : effects) {
            switch (effect) {
                case SessionEffect.SendControl(var message) ->
                    world.tunnels().tell(key.tunnelId(), new TunnelInput.Send(key.sessionId(), message));
                case SessionEffect.Confirm(int ns) -> world.tunnels().tell(key.tunnelId(), new TunnelInput.Handled(ns));
                case SessionEffect.SendFrame frame -> sendFrame(frame);
                case SessionEffect.RequestAccess(var request) -> answers.request(request);
                case SessionEffect.LeaseAddress(int address) -> answers.lease(address);
                case SessionEffect.ReleaseAddress(int address) -> world.access().release(key, address);
                case SessionEffect.Account(var record) -> account(record);
                case SessionEffect.Install(var entry) -> world.plane().install(entry);
                case SessionEffect.Limit(var limits) -> world.plane().limit(key, limits);
                case SessionEffect.Uninstall() -> world.plane().remove(key);
                case SessionEffect.Dropped(String reason) -> world.tally().count(reason, "session " + key);
                case SessionEffect.Later(SessionInput input) -> putOff(input);
                case SessionEffect.Leave() -> leave();
                case SessionEffect.Stop() -> stop();
            }
        }
    }

    private void sendFrame(SessionEffect.SendFrame frame) {
        Bytes octets = world.plane().encrypted(key, frame.frame());
        if (octets == null) {
            return;
        }
        Integer ns = frame.numbered() ? world.plane().takeNs(key) : null;
        DataPacket packet = new DataPacket(frame.peerTunnelId(), frame.peerSessionId(), false, ns, octets);
        world.transport()
                .send(
                        frame.path(),
                        L2tpCodec.data(packet, false, L2tpCodec.NO_OFFSET).toByteArray());
    }

    private void account(AccountingRecord record) {
        context.pipeToSelf(
                world.accounting().report(record),
                (acknowledged, failure) ->
                        new SessionCommand.Decide(new SessionInput.Accounted(record, failure == null && acknowledged)));
    }

    private void stop() {
        leave();
        world.passivate().accept(context.getSelf());
    }

    private void leave() {
        answers.over();
        world.plane().forget(key);
        seated = false;
        world.sessions().leave(key, context.getSelf());
        world.sessions().dismiss(key);
    }
}
