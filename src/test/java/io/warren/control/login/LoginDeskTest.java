package io.warren.control.login;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LoginDeskTest {
    private static final ActorTestKit KIT = ActorTestKit.create(
            "desk",
            ConfigFactory.parseString("akka { loglevel = ERROR, actor.testkit.typed.single-expect-default = 20s }"));
    private static final SessionKey ONE = new SessionKey(1, 1);
    private static final SessionKey TWO = new SessionKey(1, 2);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final AtomicLong now = new AtomicLong();
    private final Nodes nodes = new Nodes();
    private final TestProbe<LoginVerdict> probe = KIT.createTestProbe();
    private final TestProbe<ActorRef<LoginCommand>> passivated = KIT.createTestProbe();
    private final ActorRef<LoginCommand> desk =
            KIT.spawn(LoginDesk.create(new LoginDesk.World(nodes, now::get, passivated.getRef()::tell)));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** Is asked, and answers when the test says. */
    private static final class Nodes implements LoginDesk.Calls {
        private final BlockingQueue<CompletableFuture<List<Login>>> asked = new LinkedBlockingQueue<>();
        private final BlockingQueue<CompletableFuture<List<Login>>> confirming = new LinkedBlockingQueue<>();
        private final BlockingQueue<List<SessionKey>> toConfirm = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<List<Login>> find(String user, List<SessionKey> calls) {
            CompletableFuture<List<Login>> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<List<Login>> confirm(List<Login> logins) {
            CompletableFuture<List<Login>> answer = new CompletableFuture<>();
            toConfirm.add(logins.stream().map(Login::key).toList());
            confirming.add(answer);
            return answer;
        }

        @Override
        public void end(SessionKey key, String reason) {
            ended.add(key + " " + reason);
        }
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    private static Login login(SessionKey key, String user) {
        return new Login(key, key.toString(), user, NOON.plusSeconds(key.sessionId()), false);
    }

    private void claim(SessionKey key, String user, boolean replaces) {
        desk.tell(new LoginCommand.Ask(new Claim(key, key.toString(), user, 1, replaces), probe.getRef()));
    }

    @Test
    void claimsOfOneUserAreTakenOneAfterTheOther() throws Exception {
        claim(ONE, "alice", false);
        claim(TWO, "alice", false);
        CompletableFuture<List<Login>> first = next(nodes.asked);
        assertThat(nodes.asked).isEmpty();
        List<Login> both = List.of(login(ONE, ""), login(TWO, ""));
        first.complete(both);
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Admitted(List.of()));
        next(nodes.asked).complete(both);
        next(nodes.confirming).complete(both);
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Refused(List.of(ONE)));
    }

    @Test
    void anotherUserNeedNotWait() throws Exception {
        claim(ONE, "alice", false);
        claim(TWO, "bob", false);
        next(nodes.asked);
        next(nodes.asked).complete(List.of(login(TWO, "")));
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Admitted(List.of()));
    }

    @Test
    void nobodyIsDeniedForACallThatIsGoneWhenItIsAskedItself() throws Exception {
        claim(TWO, "alice", false);
        next(nodes.asked).complete(List.of(login(ONE, "alice"), login(TWO, "")));
        next(nodes.confirming).complete(List.of(login(TWO, "")));
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Admitted(List.of()));
    }

    @Test
    void aClaimThatTheNodesWereNotAskedForIsNotGone() throws Exception {
        SessionKey three = new SessionKey(1, 3);
        claim(TWO, "alice", true);
        next(nodes.asked).complete(List.of(login(ONE, "alice"), login(TWO, "")));
        probe.receiveMessage();
        desk.tell(new LoginCommand.Tidy());
        CompletableFuture<List<Login>> withoutIt = next(nodes.asked);
        claim(three, "alice", true);
        withoutIt.complete(List.of(login(TWO, "alice")));
        assertThat(next(nodes.toConfirm)).containsExactly(TWO, three);
        next(nodes.confirming).complete(List.of(login(TWO, "alice"), login(three, "")));
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Admitted(List.of(TWO)));
    }

    @Test
    void whoIsNotThereWhenHeIsAskedHimselfIsGone() throws Exception {
        claim(ONE, "alice", false);
        next(nodes.asked).complete(List.of());
        assertThat(next(nodes.toConfirm)).containsExactly(ONE);
        next(nodes.confirming).complete(List.of());
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Gone());
        assertThat(nodes.confirming).isEmpty();
    }

    @Test
    void aReplacedCallIsEndedAndToldByWhom() throws Exception {
        claim(TWO, "alice", true);
        next(nodes.asked).complete(List.of(login(ONE, "alice"), login(TWO, "")));
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Admitted(List.of(ONE)));
        assertThat(next(nodes.ended)).isEqualTo("1-1 replaced by call 1-2");
    }

    /** The first word may have been lost with the node that the call was on. */
    @Test
    void aReplacedCallIsToldAgainUntilItIsGone() throws Exception {
        claim(TWO, "alice", true);
        List<Login> both = List.of(login(ONE, "alice"), login(TWO, "alice"));
        next(nodes.asked).complete(List.of(login(ONE, "alice"), login(TWO, "")));
        next(nodes.ended);
        desk.tell(new LoginCommand.Tidy());
        next(nodes.asked).complete(both);
        assertThat(next(nodes.ended)).startsWith("1-1");
        desk.tell(new LoginCommand.Tidy());
        next(nodes.asked).complete(List.of(login(TWO, "alice")));
        desk.tell(new LoginCommand.Tidy());
        passivated.receiveMessage(Duration.ofSeconds(20));
        assertThat(nodes.asked).isEmpty();
        assertThat(nodes.ended).isEmpty();
    }

    @Test
    void whileANodeIsSilentItIsAskedAgain() throws Exception {
        claim(ONE, "alice", false);
        next(nodes.asked).completeExceptionally(new IllegalStateException("a node is silent"));
        next(nodes.asked).complete(List.of(login(ONE, "")));
        assertThat(probe.receiveMessage()).isEqualTo(new LoginVerdict.Admitted(List.of()));
    }

    @Test
    void nobodyIsLetInWhereNobodyCanTellWhatCallsHeHas() throws Exception {
        claim(ONE, "alice", false);
        CompletableFuture<List<Login>> asked = next(nodes.asked);
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        asked.completeExceptionally(new IllegalStateException("a node is silent"));
        assertThat(probe.receiveMessage())
                .isInstanceOfSatisfying(
                        LoginVerdict.Unknown.class,
                        unknown -> assertThat(unknown.reason()).contains("a node is silent"));
    }

    @Test
    void itRemembersNobodyForLong() throws Exception {
        claim(ONE, "alice", false);
        next(nodes.asked).complete(List.of(login(ONE, "")));
        probe.receiveMessage();
        desk.tell(new LoginCommand.Tidy());
        passivated.expectNoMessage(Duration.ofMillis(100));
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        desk.tell(new LoginCommand.Tidy());
        passivated.receiveMessage();
    }

    @Test
    void itGoesElsewhereWhenAllThatItSaidIsKnown() throws Exception {
        List<Login> one = new ArrayList<>(List.of(login(ONE, "")));
        claim(ONE, "alice", false);
        CompletableFuture<List<Login>> asked = next(nodes.asked);
        desk.tell(new LoginCommand.HandOff());
        asked.complete(one);
        probe.receiveMessage();
        desk.tell(new LoginCommand.HandOff());
        TestProbe<Void> watch = KIT.createTestProbe();
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        watch.expectTerminated(desk, Duration.ofSeconds(5));
    }
}
