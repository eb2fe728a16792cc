package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.AccountingRecord.Kind;
import io.warren.control.port.CallMeters;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.TerminateCause;
import io.warren.ppp.AuthenticationMethod;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Exactly one start and one stop, whatever happens in between. */
class CallBooksTest {
    private static final ResultCode ADMINISTRATIVE = ResultCode.of(3);
    private static final SessionInput.Close CLOSE = new SessionInput.Close(ADMINISTRATIVE, "operator", "test");

    private static final SessionKey KEY = CallEndUnderTest.KEY;

    private final TwoEnds ends = TwoEnds.accounted(Duration.ZERO);

    private static SessionCounters moved(long much) {
        return new SessionCounters(much, 100 * much, 2 * much, 200 * much, 0);
    }

    private List<Kind> kinds() {
        return ends.told.stream().map(AccountingRecord::kind).toList();
    }

    private void hangUp() {
        ends.give(ends.lns, CLOSE);
        ends.run(both -> both.lns.state instanceof SessionState.Owing || both.lns.state instanceof SessionState.Closed);
    }

    /** What a new node would do with the journal as it is. */
    private void takeOver() {
        ends.lns.restart();
        ends.give(ends.lns, new SessionInput.Resume());
    }

    @Test
    void aCallHasOneStartAndOneStop() {
        ends.dialUntilUp();
        assertThat(kinds()).containsExactly(Kind.START);
        ends.lns.counters = moved(10);
        hangUp();
        assertThat(kinds()).containsExactly(Kind.START, Kind.STOP);
        assertThat(ends.lns.state).isInstanceOf(SessionState.Closed.class);
        AccountingRecord stop = ends.told.getLast();
        assertThat(stop.counters()).isEqualTo(moved(10));
        assertThat(stop.cause()).isEqualTo(TerminateCause.ADMIN_RESET);
        assertThat(stop.user()).isEqualTo(CallEndUnderTest.USER);
        assertThat(stop.address()).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(stop.call().accountingId())
                .isEqualTo(ends.told.getFirst().call().accountingId());
    }

    @Test
    void aCallThatNeverCameUpIsNotTold() {
        ends.password("another");
        ends.dial();
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void withoutAccountingNothingIsToldOrOwed() {
        TwoEnds plain = new TwoEnds(AuthenticationMethod.PAP);
        plain.dialUntilUp();
        plain.give(plain.lns, CLOSE);
        plain.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(plain.told).isEmpty();
    }

    @Test
    void aStartThatNobodyTakesIsToldAgainLaterEachTime() {
        ends.booksAreOpen = false;
        ends.dialUntilUp();
        long first = ends.lns.now;
        ends.run(both -> both.told.size() == 6);
        assertThat(ends.lns.now - first).isBetween(50_000_000_000L, 75_000_000_000L);
        ends.booksAreOpen = true;
        ends.run(both -> both.lns.journal.getLast() instanceof SessionEvent.AccountingStarted);
        assertThat(kinds()).hasSize(7).containsOnly(Kind.START);
        assertThat(ends.told.getLast().at()).isEqualTo(ends.told.getFirst().at());
    }

    @Test
    void whatIsOwedAtTheEndIsToldInOrderWhenSomebodyListensAgain() {
        ends.booksAreOpen = false;
        ends.dialUntilUp();
        ends.lns.counters = moved(3);
        hangUp();
        assertThat(ends.lns.state).isInstanceOf(SessionState.Owing.class);
        Instant end = ((SessionEvent.Over) ends.lns.journal.getLast()).at();
        ends.run(both -> both.told.size() >= 5);
        assertThat(kinds()).containsOnly(Kind.START);
        ends.booksAreOpen = true;
        ends.told.clear();
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(kinds()).containsExactly(Kind.START, Kind.STOP);
        assertThat(ends.told.getLast().at()).isEqualTo(end);
        assertThat(ends.told.getLast().counters()).isEqualTo(moved(3));
        assertThat(ends.lns.closed().at()).isEqualTo(end);
    }

    @Test
    void aNodeThatDiesOwingLeavesTheDebtToTheNext() {
        ends.dialUntilUp();
        ends.booksAreOpen = false;
        hangUp();
        ends.told.clear();
        ends.booksAreOpen = true;
        takeOver();
        assertThat(kinds()).containsExactly(Kind.STOP);
        assertThat(ends.lns.state).isInstanceOf(SessionState.Closed.class);
    }

    @Test
    void aStartThatWasAcknowledgedIsNotToldAgainAfterATakeOver() {
        ends.dialUntilUp();
        ends.told.clear();
        takeOver();
        assertThat(kinds()).isEmpty();
    }

    @Test
    void aStartThatWasNotAcknowledgedIsToldByTheNextNode() {
        ends.booksAreOpen = false;
        ends.dialUntilUp();
        ends.told.clear();
        ends.booksAreOpen = true;
        takeOver();
        assertThat(kinds()).containsExactly(Kind.START);
    }

    @Test
    void aNewCallWithTheIdsOfOneThatOwesIsRefused() {
        ends.dialUntilUp();
        ends.booksAreOpen = false;
        hangUp();
        List<SessionEffect> effects = ends.lns.on(
                new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START.plusSeconds(900))));
        assertThat(CallEndUnderTest.cdn(effects).result().code()).isEqualTo(4);
        assertThat(ends.lns.state).isInstanceOf(SessionState.Owing.class);
    }

    @Test
    void aTunnelThatMissedTheEndIsToldItAgain() {
        ends.dialUntilUp();
        ends.booksAreOpen = false;
        hangUp();
        List<SessionEffect> effects =
                ends.lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        assertThat(CallEndUnderTest.cdn(effects).result().code()).isEqualTo(3);
        assertThat(ends.lns.state).isInstanceOf(SessionState.Owing.class);
    }

    @Test
    void countersThatWereNotedAreNotLostWithTheirNode() {
        ends.dialUntilUp();
        ends.lns.counters = moved(10);
        ends.lns.on(new SessionInput.Leave());
        takeOver();
        ends.lns.counters = moved(5);
        hangUp();
        assertThat(ends.told.getLast().counters()).isEqualTo(moved(15));
    }

    /** The actor may be new while the plane is the same, or come back to a plane that has counted for it before. */
    @Test
    void nothingIsCountedTwiceOnAPlaneThatCountedBefore() {
        Books books = Books.NONE.with(noted(10, 1, 10));
        assertThat(books.total(Map.of(1L, moved(12)))).isEqualTo(moved(12));
        assertThat(books.total(Map.of(2L, moved(2)))).isEqualTo(moved(12));
        Books elsewhere = books.with(noted(15, 2, 5));
        assertThat(elsewhere.total(Map.of(1L, moved(11)))).isEqualTo(moved(16));
        assertThat(elsewhere.total(Map.of(2L, moved(5)))).isEqualTo(moved(15));
        assertThat(elsewhere.total(Map.of(1L, moved(11), 2L, moved(6)))).isEqualTo(moved(17));
    }

    @Test
    void whatIsHeardLateIsNotTakenAway() {
        Books books = Books.NONE.with(noted(10, 1, 10));
        assertThat(books.total(Map.of(1L, moved(7), 2L, moved(1)))).isEqualTo(moved(11));
        assertThat(books.unnoted(Map.of(1L, moved(7)), Instant.EPOCH)).isEmpty();
        SessionCounters halfNew = new SessionCounters(11, 900, 20, 2000, 0);
        assertThat(books.total(Map.of(1L, halfNew))).isEqualTo(new SessionCounters(11, 1000, 20, 2000, 0));
        assertThat(books.unnoted(Map.of(1L, halfNew), Instant.EPOCH).getFirst().entry())
                .isEqualTo(new SessionCounters(11, 1000, 20, 2000, 0));
    }

    /** The standby has heard of what its predecessor had counted when it was killed; and has counted itself meanwhile. */
    @Test
    void whatAKilledNodeToldItsStandbyIsAccountedFor() {
        ends.dialUntilUp();
        ends.lns.counters = moved(10);
        ends.lns.on(new SessionInput.Leave());
        takeOver();
        ends.lns.elsewhere = told(KEY, Map.of(1L, moved(14)));
        ends.lns.counters = moved(5);
        List<SessionEvent> before = List.copyOf(ends.lns.journal);
        ends.lns.on(new SessionInput.Leave());
        assertThat(ends.lns.journal.subList(before.size(), ends.lns.journal.size()))
                .extracting(event -> ((SessionEvent.TrafficNoted) event).total())
                .as("each meter by itself, so that another kill is right, too")
                .containsExactly(moved(14), moved(19));
        takeOver();
        ends.lns.elsewhere = told(KEY, Map.of(1L, moved(13), 2L, moved(6)));
        hangUp();
        assertThat(ends.told.getLast().counters()).isEqualTo(moved(20));
    }

    @Test
    void metersOfAnotherCallWithOurIdsDoNotCount() {
        ends.dialUntilUp();
        ends.lns.counters = moved(10);
        ends.lns.elsewhere = new CallMeters(KEY, 70, 91, Map.of(77L, moved(1_000)));
        hangUp();
        assertThat(ends.told.getLast().counters()).isEqualTo(moved(10));
    }

    @Test
    void anActorThatIsNewOnTheSamePlaneLosesNothing() {
        ends.dialUntilUp();
        ends.lns.counters = moved(10);
        ends.lns.on(new SessionInput.Leave());
        ends.lns.counters = moved(12);
        ends.lns.wakeAgain();
        ends.give(ends.lns, new SessionInput.Resume());
        ends.lns.counters = moved(13);
        hangUp();
        assertThat(ends.told.getLast().counters()).isEqualTo(moved(13));
    }

    /** Its keys are gone with the actor, so PPP begins anew and another entry is made; the meter goes on. */
    @Test
    void anEncryptedCallWhoseActorIsNewOnTheSamePlaneLosesNothing() {
        TwoEnds encrypted = TwoEnds.encryptedAndAccounted();
        encrypted.dialUntilUp();
        encrypted.lns.counters = moved(10);
        encrypted.lns.on(new SessionInput.Leave());
        encrypted.lns.counters = moved(12);
        encrypted.lns.wakeAgain();
        encrypted.lac.now = encrypted.lns.now;
        encrypted.give(encrypted.lns, new SessionInput.Resume());
        encrypted.run(both -> SessionDecider.forwardingEntry(both.lns.state) != null
                && SessionDecider.forwardingEntry(both.lac.state) != null);
        encrypted.lns.counters = moved(15);
        encrypted.give(encrypted.lns, CLOSE);
        encrypted.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(encrypted.told.getLast().kind()).isEqualTo(Kind.STOP);
        assertThat(encrypted.told.getLast().counters()).isEqualTo(moved(15));
    }

    /** The stop that nobody took has all in it, and is told by whoever goes on. */
    @Test
    void octetsOfAKilledNodeAreInAStopThatIsToldLate() {
        ends.booksAreOpen = false;
        ends.dialUntilUp();
        ends.lns.counters = moved(3);
        takeOver();
        ends.lns.elsewhere = told(KEY, Map.of(1L, moved(3)));
        ends.lns.counters = moved(4);
        hangUp();
        assertThat(ends.lns.state).isInstanceOf(SessionState.Owing.class);
        takeOver();
        ends.lns.elsewhere = null;
        ends.booksAreOpen = true;
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.told.getLast().counters()).isEqualTo(moved(7));
    }

    /** The call was over, but that could not be written before the node was killed: the next node ends it. */
    @Test
    void anEndThatTheJournalDidNotTakeLosesNoOctets() {
        ends.dialUntilUp();
        ends.lns.counters = moved(8);
        SessionDecision refused = SessionDecider.decide(
                ends.lns.state,
                new SessionInput.TunnelDown("gone"),
                ends.lns.settings,
                new Moment(ends.lns.now, Instant.EPOCH, new Random(1)),
                new Meters(1, moved(8), null),
                false);
        assertThat(refused.events()).isEmpty();
        assertThat(refused.effects())
                .as("its entry stays, and its counters")
                .containsExactly(new SessionEffect.Later(new SessionInput.TunnelDown("gone")));
        takeOver();
        ends.lns.elsewhere = told(KEY, Map.of(1L, moved(8)));
        ends.lns.on(new SessionInput.TunnelDown("gone"));
        assertThat(((SessionEvent.Over) ends.lns.journal.getLast()).counters()).isEqualTo(moved(8));
    }

    private static CallMeters told(SessionKey key, Map<Long, SessionCounters> meters) {
        return new CallMeters(key, 70, 90, meters);
    }

    private static SessionEvent.TrafficNoted noted(long total, long plane, long entry) {
        return new SessionEvent.TrafficNoted(Instant.EPOCH, moved(total), plane, moved(entry));
    }

    @Test
    void updatesAreToldAtTheirIntervalAndNoted() {
        TwoEnds updated = TwoEnds.accounted(Duration.ofSeconds(300));
        updated.dialUntilUp();
        long up = updated.lns.now;
        updated.lns.counters = moved(1);
        updated.run(both -> both.told.size() == 2);
        assertThat(updated.lns.now - up).isBetween(270_000_000_000L, 330_000_000_000L);
        assertThat(updated.told.getLast().kind()).isEqualTo(Kind.INTERIM);
        assertThat(updated.told.getLast().counters()).isEqualTo(moved(1));
        assertThat(updated.lns.journal).anyMatch(SessionEvent.TrafficNoted.class::isInstance);
    }

    @Test
    void theServerMaySayHowOftenUpdatesCome() {
        ends.profile = new SubscriberProfile(0, 0, 60, List.of(), List.of(), null);
        ends.dialUntilUp();
        long up = ends.lns.now;
        ends.run(both -> both.told.size() == 2);
        assertThat(ends.lns.now - up).isBetween(54_000_000_000L, 66_000_000_000L);
    }

    @Test
    void aSessionTimeoutEndsTheCallAlsoAfterARestart() {
        ends.profile = new SubscriberProfile(100, 0, 0, List.of(), List.of(), null);
        ends.dialUntilUp();
        long up = ends.lns.now;
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.now - up).isBetween(100_000_000_000L, 101_000_000_000L);
        assertThat(ends.told.getLast().cause()).isEqualTo(TerminateCause.SESSION_TIMEOUT);
        CallTimeouts late = CallTimeouts.of(
                ends.profile,
                Instant.ofEpochSecond(1_000),
                new Moment(77, Instant.ofEpochSecond(1_090), new Random(1)),
                SessionCounters.ZERO);
        assertThat(late.deadline()).isEqualTo(77 + 10_000_000_000L);
    }

    @Test
    void aPointOfTimeEndsTheCallAlsoAfterARestart() {
        Instant until = Instant.ofEpochSecond(1_000);
        SubscriberProfile profile = new SubscriberProfile(500, 0, 0, List.of(), List.of(), null).until(until);
        Moment before = new Moment(77, until.minusSeconds(10), new Random(1));
        assertThat(CallTimeouts.of(profile, until.minusSeconds(20), before, SessionCounters.ZERO)
                        .deadline())
                .isEqualTo(77 + 10_000_000_000L);
        assertThat(CallTimeouts.of(profile, until.minusSeconds(505), before, SessionCounters.ZERO)
                        .deadline())
                .as("the session timeout is sooner")
                .isEqualTo(77 + 5_000_000_000L);
        Moment after = new Moment(77, until.plusSeconds(1), new Random(1));
        assertThat(CallTimeouts.of(profile, after.wall(), after, SessionCounters.ZERO)
                        .end(77))
                .isNotNull();
        assertThat(CallTimeouts.of(SubscriberProfile.NONE.until(Instant.MAX), until, before, SessionCounters.ZERO)
                        .deadline())
                .as("as good as never")
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPointOfTimeThatIsChangedHoldsAfterARestart() {
        ends.dialUntilUp();
        Instant until = ((SessionState.Established) ends.lns.state).upSince().plusSeconds(60);
        ends.give(ends.lns, new SessionInput.Timeouts(null, null, "radius desk", until));
        takeOver();
        long up = ends.lns.now;
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.now - up).isLessThanOrEqualTo(61_000_000_000L);
        assertThat(ends.told.getLast().cause()).isEqualTo(TerminateCause.SESSION_TIMEOUT);
    }

    @Test
    void timeoutsThatAreChangedHoldAtOnceAndAfterARestart() {
        ends.dialUntilUp();
        ends.give(ends.lns, new SessionInput.Timeouts(50, null, "radius desk", null));
        takeOver();
        long up = ends.lns.now;
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.now - up).isLessThanOrEqualTo(51_000_000_000L);
        assertThat(ends.told.getLast().cause()).isEqualTo(TerminateCause.SESSION_TIMEOUT);
    }

    @Test
    void anIdleTimeoutEndsACallInWhichNothingMoves() {
        ends.profile = new SubscriberProfile(0, 40, 0, List.of(), List.of(), null);
        ends.dialUntilUp();
        long up = ends.lns.now;
        ends.run(both -> both.lns.now >= up + 25_000_000_000L || both.lns.state instanceof SessionState.Closed);
        ends.lns.counters = moved(1);
        long last = ends.lns.now;
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.now - last).isBetween(40_000_000_000L, 51_000_000_000L);
        assertThat(ends.told.getLast().cause()).isEqualTo(TerminateCause.IDLE_TIMEOUT);
    }

    @Test
    void aCallStaysIdleWhileOtherTimesOfItAreChanged() {
        ends.profile = new SubscriberProfile(0, 40, 0, List.of(), List.of(), null);
        ends.dialUntilUp();
        long up = ends.lns.now;
        ends.run(both -> both.lns.now >= up + 30_000_000_000L);
        ends.give(ends.lns, new SessionInput.Timeouts(5_000, null, "radius desk", null));
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.now - up).isBetween(40_000_000_000L, 51_000_000_000L);
        assertThat(ends.told.getLast().cause()).isEqualTo(TerminateCause.IDLE_TIMEOUT);
    }

    @Test
    void theCauseIsTakenFromWhoeverEndedTheCall() {
        ends.dialUntilUp();
        ends.lns.on(new SessionInput.Control(99, new ControlMessage.Cdn(ResultCode.of(1), 9, null, null, List.of())));
        assertThat(((SessionEvent.Over) ends.lns.journal.getLast()).terminateCause())
                .isEqualTo(TerminateCause.LOST_CARRIER.code());
    }
}
