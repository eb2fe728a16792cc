package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.warren.control.Moment;
import io.warren.control.Tally;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Availability;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SessionPlane;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberAccounting;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberPrefixes;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.ProxyPolicy;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ProxyAuthentication;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The actor with a journal in memory, and with others who answer when the test says. */
class SessionEntityTest {
    private static final SessionKey KEY = CallEndUnderTest.KEY;
    private static final Bytes LCP = Bytes.ofHex("010405780304c0230506aaaaaaaa");
    private static final Bytes PEER_LCP = Bytes.ofHex("0506bbbbbbbb");
    private static final int WISH = 0x0a000063;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ActorTestKit kit = ActorTestKit.create("session", ConfigFactory.parseString("""
                    akka { loglevel = ERROR, persistence.journal.plugin = "akka.persistence.journal.inmem" }
                    """));
    private final Access access = new Access();
    private final SessionDirectory sessions = new SessionDirectory();
    private final TestProbe<SessionAnswer> asked = kit.createTestProbe();
    private final TestProbe<Void> watch = kit.createTestProbe();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static final class Access implements SubscriberAccess {
        private final BlockingQueue<CompletableFuture<AccessDecision>> deciding = new LinkedBlockingQueue<>();
        private final BlockingQueue<CompletableFuture<Boolean>> leasing = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> released = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<AccessDecision> decide(AccessRequest request) {
            CompletableFuture<AccessDecision> answer = new CompletableFuture<>();
            deciding.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<Boolean> lease(SessionKey key, int address) {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            leasing.add(answer);
            return answer;
        }

        @Override
        public void restore(SessionKey key, int address) {}

        @Override
        public void release(SessionKey key, int address) {
            released.add(address);
        }

        @Override
        public void over(SessionKey key) {}
    }

    private static final class Plane implements SessionPlane {
        @Override
        public void install(ForwardingEntry entry) {}

        @Override
        public void installAll(Collection<ForwardingEntry> entries) {}

        @Override
        public SessionCounters remove(SessionKey key) {
            return SessionCounters.ZERO;
        }

        @Override
        public SessionCounters counters(SessionKey key) {
            return SessionCounters.ZERO;
        }

        @Override
        public void limit(SessionKey key, TrafficLimits limits) {}

        @Override
        public int takeNs(SessionKey key) {
            return 0;
        }

        @Override
        public void forget(SessionKey key) {}
    }

    private static SessionSettings settings() {
        SessionSettings plain =
                CallEndUnderTest.settings(CallEndUnderTest.GATEWAY, List.of(AuthenticationMethod.PAP), false);
        return new SessionSettings(
                plain.link(),
                null,
                plain.connectTimeout(),
                plain.setupTimeout(),
                plain.lcpTerminateWait(),
                null,
                null,
                new ProxyPolicy(ProxyPolicy.Lcp.ACCEPT_IF_COMPATIBLE, ProxyPolicy.Credentials.ALL),
                List.of(),
                Set.of());
    }

    private ActorRef<SessionCommand> entity() {
        Random random = new Random(1);
        return kit.spawn(SessionEntity.create(
                KEY,
                settings(),
                new SessionWorld(
                        () -> new Moment(
                                System.nanoTime(), CallEndUnderTest.START.plusNanos(System.nanoTime()), random),
                        (_, _) -> {},
                        new Plane(),
                        access,
                        SubscriberAccounting.NONE,
                        (_, _) -> {},
                        sessions,
                        (_, _) -> {},
                        new Tally(System::nanoTime),
                        Availability.ALWAYS,
                        actor -> actor.tell(new SessionCommand.HandOff()))));
    }

    private static void tell(ActorRef<SessionCommand> entity, SessionInput input) {
        entity.tell(new SessionCommand.Decide(input));
    }

    /** A call whose user is about to be let in. */
    private ActorRef<SessionCommand> calling() {
        ActorRef<SessionCommand> entity = entity();
        tell(entity, new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        tell(
                entity,
                new SessionInput.Control(
                        1,
                        new ControlMessage.Iccn(
                                56_000,
                                1,
                                PEER_LCP,
                                LCP,
                                PEER_LCP,
                                new ProxyAuthentication(3, CallEndUnderTest.USER, null, 7, CallEndUnderTest.PASSWORD),
                                null,
                                null,
                                false,
                                AccessLine.NONE,
                                List.of())));
        return entity;
    }

    private void end(ActorRef<SessionCommand> entity) {
        tell(entity, new SessionInput.Close(new ResultCode(3, 0, ""), "test", "over"));
        watch.expectTerminated(entity, SOON);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    @Test
    void whatIsGrantedAfterTheCallGoesBack() throws Exception {
        ActorRef<SessionCommand> entity = calling();
        CompletableFuture<AccessDecision> decision = next(access.deciding);
        end(entity);
        Ipv6Prefix prefix = new Ipv6Prefix(0x20010db8_00000000L, 0, 64);
        SubscriberIpv6 ipv6 = SubscriberIpv6.NONE.with(List.of(prefix), List.of());
        AccessDecision.Granted usual = (AccessDecision.Granted) CallEndUnderTest.GRANTED;
        AccessDecision.Granted granted = (AccessDecision.Granted) SubscriberPrefixes.given(usual, ipv6);
        decision.complete(granted);
        assertThat(next(access.released)).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(SubscriberPrefixes.indices(granted.profile())).containsExactly(next(access.released));
    }

    @Test
    void anAnswerThatIsThereBeforeTheEndGoesBackOnce() throws Exception {
        ActorRef<SessionCommand> entity = calling();
        CompletableFuture<AccessDecision> decision = next(access.deciding);
        tell(entity, new SessionInput.Close(new ResultCode(3, 0, ""), "test", "over"));
        decision.complete(CallEndUnderTest.GRANTED);
        watch.expectTerminated(entity, SOON);
        assertThat(next(access.released)).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(access.released).isEmpty();
    }

    @Test
    void aWishThatIsLeasedAfterTheCallGoesBack() throws Exception {
        BlockingQueue<SessionInput> told = new LinkedBlockingQueue<>();
        AddressAnswers answers = new AddressAnswers(KEY, access, new Tally(System::nanoTime), told::add);
        answers.lease(WISH);
        answers.lease(WISH);
        next(access.leasing).complete(true);
        assertThat(told).containsExactly(new SessionInput.AddressLeased(WISH, true));
        answers.over();
        next(access.leasing).complete(true);
        assertThat(access.released).containsExactly(WISH);
        answers.lease(WISH);
        next(access.leasing).complete(false);
        assertThat(told).as("of the next call").contains(new SessionInput.AddressLeased(WISH, false));
        assertThat(access.released).hasSize(1);
    }

    @Test
    void aQuestionAboutACallThatIsOverLeavesNobodyBehind() throws Exception {
        ActorRef<SessionCommand> entity = calling();
        next(access.deciding);
        end(entity);
        ActorRef<SessionCommand> woken = entity();
        woken.tell(new SessionCommand.Ask(null, asked.getRef()));
        asked.receiveMessage(SOON);
        watch.expectTerminated(woken, SOON);
        assertThat(sessions.find(KEY)).isNull();
    }
}
