package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.ipv6.RouterSettings;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.CallMeters;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Meters;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.ClientIdentity;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.ProxyPolicy;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One end of a call with its journal; checks with every input what must hold for any. */
final class CallEndUnderTest {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final SessionKey KEY = new SessionKey(7, 9);
    static final int GATEWAY = 0x0a000001;
    static final int ASSIGNED = 0x0a000002;
    static final int DNS = 0x0a000035;
    static final String USER = "anna";
    static final Bytes PASSWORD = Bytes.of("secret".getBytes(StandardCharsets.US_ASCII));
    static final PeerPath PATH = new PeerPath(endpoint(1), endpoint(2));
    static final AccessDecision GRANTED =
            new AccessDecision.Granted(USER, ASSIGNED, List.of(DNS), List.of(), TrafficLimits.NONE, null);

    final SessionSettings settings;
    private final Random random;
    final List<SessionEvent> journal = new ArrayList<>();
    final List<SessionEffect> effects = new ArrayList<>();
    SessionState state;
    SessionCounters counters = SessionCounters.ZERO;
    /** What other nodes have told. */
    @Nullable
    CallMeters elsewhere;

    private long meter = 1;
    private int ticks;
    long now = 1_000_000_000L;

    CallEndUnderTest(SessionSettings settings, long seed) {
        this.settings = settings;
        this.random = new Random(seed);
        this.state = new SessionState.Idle(KEY);
    }

    static CallEndUnderTest lns(AuthenticationMethod... methods) {
        return new CallEndUnderTest(settings(GATEWAY, List.of(methods), false), 1);
    }

    static CallEndUnderTest lac() {
        return new CallEndUnderTest(settings(0, List.of(), true), 2);
    }

    static SessionSettings settings(int address, List<AuthenticationMethod> methods, boolean client) {
        return settings(address, methods, client, false);
    }

    static SessionSettings settings(int address, List<AuthenticationMethod> methods, boolean client, boolean ipv6) {
        LinkSettings link = new LinkSettings(
                        methods,
                        "warren",
                        1400,
                        address,
                        Duration.ofSeconds(3),
                        Duration.ofMillis(300),
                        10,
                        2,
                        5,
                        Duration.ofSeconds(20),
                        3,
                        Duration.ofSeconds(20))
                .withIpv6(ipv6);
        return new SessionSettings(
                link,
                client ? new ClientIdentity(USER, PASSWORD, EnumSet.allOf(AuthenticationMethod.class)) : null,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                null,
                ipv6 && !client
                        ? new RouterSettings(
                                Duration.ofMinutes(10), Duration.ofHours(24), List.of(), Bytes.ofHex("0004"))
                        : null,
                ProxyPolicy.NONE,
                List.of(),
                Set.of("own", "garden"));
    }

    static CallOffer offer(boolean initiator, Instant at) {
        return new CallOffer(
                KEY, PATH, initiator, 70, initiator ? 0 : 90, "peer", 4711, "100", "200", null, AccessLine.NONE, at);
    }

    static ControlMessage.Iccn iccn() {
        return new ControlMessage.Iccn(
                56_000, 1, null, null, null, null, null, 28_000L, false, AccessLine.NONE, List.of());
    }

    /** Effects of this input alone; also kept in {@link #effects}. */
    List<SessionEffect> on(SessionInput input) {
        SessionState before = state;
        Moment moment = new Moment(now, START.plusNanos(now), random);
        SessionDecision decision =
                SessionDecider.decide(before, input, settings, moment, new Meters(meter, counters, elsewhere));
        state = decision.state();
        journal.addAll(decision.events());
        effects.addAll(decision.effects());
        check(before, input, decision);
        return decision.effects();
    }

    /** The actor is new, the data plane is not. */
    void wakeAgain() {
        SessionCounters counted = counters;
        restart();
        counters = counted;
        meter--;
    }

    /** Kill -9: what is not in the journal is lost, and time begins anew. */
    void restart() {
        meter++;
        SessionState recovered = new SessionState.Idle(KEY);
        for (SessionEvent event : journal) {
            recovered = SessionDecider.evolve(recovered, event);
        }
        state = recovered;
        now = 5_000_000_000L;
        counters = SessionCounters.ZERO;
    }

    long deadline() {
        return SessionDecider.deadline(state);
    }

    /** Lets time pass until the next deadline. */
    List<SessionEffect> tick() {
        assertThat(deadline()).as("something is due").isLessThan(Long.MAX_VALUE);
        assertThat(++ticks).as("it comes to an end").isLessThan(1_000);
        now = Math.max(now, deadline());
        return on(new SessionInput.Tick());
    }

    SessionEvent.Closed closed() {
        assertThat(journal.getLast()).isInstanceOf(SessionEvent.Closed.class);
        return (SessionEvent.Closed) journal.getLast();
    }

    static <T extends SessionEffect> List<T> only(Class<T> kind, List<SessionEffect> effects) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static List<ControlMessage> sent(List<SessionEffect> effects) {
        return only(SessionEffect.SendControl.class, effects).stream()
                .map(SessionEffect.SendControl::message)
                .toList();
    }

    static ControlMessage.Cdn cdn(List<SessionEffect> effects) {
        List<ControlMessage> sent = sent(effects);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst()).isInstanceOf(ControlMessage.Cdn.class);
        return (ControlMessage.Cdn) sent.getFirst();
    }

    private static boolean hasItsCall(SessionState before, ControlMessage message) {
        boolean connects = message instanceof ControlMessage.Iccn || message instanceof ControlMessage.Icrp;
        return !connects || !(before instanceof SessionState.Idle || before instanceof SessionState.Closed);
    }

    private static void check(SessionState before, SessionInput input, SessionDecision decision) {
        List<SessionEffect> effects = decision.effects();
        List<Integer> confirmed = only(SessionEffect.Confirm.class, effects).stream()
                .map(SessionEffect.Confirm::ns)
                .toList();
        assertThat(confirmed)
                .as("every control message that has its call is confirmed once, and nothing else is")
                .isEqualTo(
                        input instanceof SessionInput.Control control && hasItsCall(before, control.message())
                                ? List.of(control.ns())
                                : List.of());
        SessionState folded = before;
        for (SessionEvent event : decision.events()) {
            folded = SessionDecider.evolve(folded, event);
        }
        if (!(decision.state() instanceof SessionState.WaitConnect
                || decision.state() instanceof SessionState.WaitReply)) {
            assertThat(durable(decision.state()))
                    .as("what the journal gives is what was decided")
                    .isEqualTo(durable(folded));
        }
        for (int i = 1; i < effects.size(); i++) {
            assertThat(effects.get(i))
                    .as("the data plane is ready before any frame leaves")
                    .isNotInstanceOf(SessionEffect.Install.class);
        }
        if (effects.contains(new SessionEffect.Stop())) {
            assertThat(effects.getLast()).isEqualTo(new SessionEffect.Stop());
        }
        assertThat(SessionView.of(decision.state()).key()).isEqualTo(KEY);
    }

    private static SessionState durable(SessionState state) {
        return switch (state) {
            case SessionState.Established call -> call.durable();
            case SessionState.Owing owing -> owing.with(Reporting.NONE);
            case SessionState.Idle _, SessionState.WaitReply _, SessionState.WaitConnect _, SessionState.Closed _ ->
                state;
        };
    }

    private static Endpoint endpoint(int last) {
        return new Endpoint(Bytes.of((byte) 192, (byte) 0, (byte) 2, (byte) last), 1701);
    }
}
