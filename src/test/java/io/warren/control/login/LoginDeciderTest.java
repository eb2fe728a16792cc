package io.warren.control.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.SessionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginDeciderTest {
    private static final String ALICE = "alice";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    /** What all nodes say. */
    private final List<Login> there = new ArrayList<>();

    private Remembered remembered = Remembered.NOTHING;

    private static SessionKey key(int number) {
        return new SessionKey(1, number);
    }

    /** A call that began so many seconds after noon. */
    private static Login login(int number, String user) {
        return new Login(key(number), "id " + number, user, NOON.plusSeconds(number), false);
    }

    private void nowIs(Login login) {
        there.removeIf(other -> other.id().equals(login.id()));
        there.add(login);
    }

    private static Login ending(Login login) {
        return new Login(login.key(), login.id(), login.user(), login.since(), true);
    }

    private LoginVerdict claim(int number, int limit, boolean replaces) {
        Claim claim = new Claim(key(number), "id " + number, ALICE, limit, replaces);
        LoginDecider.Decision decision = LoginDecider.decide(remembered, claim, there);
        remembered = decision.remembered();
        return decision.verdict();
    }

    private static LoginVerdict admitted(SessionKey... replaced) {
        return new LoginVerdict.Admitted(List.of(replaced));
    }

    private static LoginVerdict refused(SessionKey... with) {
        return new LoginVerdict.Refused(List.of(with));
    }

    @Test
    void theFirstCallIsLetInByEitherPolicy() {
        nowIs(login(1, ""));
        nowIs(login(9, "bob"));
        assertThat(claim(1, 1, false)).isEqualTo(admitted());
        remembered = Remembered.NOTHING;
        assertThat(claim(1, 1, true)).isEqualTo(admitted());
    }

    @Test
    void aSecondCallIsDenied() {
        nowIs(login(1, ALICE));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, false)).isEqualTo(refused(key(1)));
        there.removeFirst();
        assertThat(claim(2, 1, false)).as("when the first one is gone").isEqualTo(admitted());
    }

    @Test
    void aSecondCallReplacesTheFirst() {
        nowIs(login(1, ALICE));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, true)).isEqualTo(admitted(key(1)));
        assertThat(LoginDecider.notEnding(remembered, there)).containsExactly(key(1));
        nowIs(ending(login(1, ALICE)));
        nowIs(login(2, ALICE));
        assertThat(LoginDecider.notEnding(remembered, there)).isEmpty();
        nowIs(login(3, ""));
        assertThat(claim(3, 1, true)).as("the first one goes only once").isEqualTo(admitted(key(2)));
    }

    @Test
    void theOldestGoesWhicheverNodeToldOfItFirst() {
        nowIs(login(4, ALICE));
        nowIs(login(2, ALICE));
        nowIs(login(3, ALICE));
        nowIs(login(5, ""));
        assertThat(claim(5, 3, true)).isEqualTo(admitted(key(2)));
    }

    @Test
    void asManyGoAsAreTooMany() {
        nowIs(login(1, ALICE));
        nowIs(login(2, ALICE));
        nowIs(login(3, ALICE));
        nowIs(login(4, ""));
        assertThat(claim(4, 2, true)).isEqualTo(admitted(key(1), key(2)));
    }

    @Test
    void twoCallsMayBeAllowed() {
        nowIs(login(1, ALICE));
        nowIs(login(2, ""));
        assertThat(claim(2, 2, false)).isEqualTo(admitted());
        nowIs(login(2, ALICE));
        nowIs(login(3, ""));
        assertThat(claim(3, 2, false)).isEqualTo(refused(key(1), key(2)));
    }

    /** Neither node knows yet whom it is about to let in. */
    @Test
    void ofTwoAtOnceOneIsLetIn() {
        nowIs(login(1, ""));
        nowIs(login(2, ""));
        assertThat(claim(1, 1, false)).isEqualTo(admitted());
        assertThat(claim(2, 1, false)).isEqualTo(refused(key(1)));
    }

    @Test
    void ofTwoAtOnceTheLaterReplacesTheEarlier() {
        nowIs(login(1, ""));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, true)).isEqualTo(admitted());
        assertThat(claim(1, 1, true)).isEqualTo(admitted(key(2)));
        assertThat(claim(2, 1, true)).as("it is to go").isEqualTo(new LoginVerdict.Gone());
    }

    @Test
    void theSameCallAgainIsNoDuplicateOfItself() {
        nowIs(login(1, ""));
        assertThat(claim(1, 1, false)).isEqualTo(admitted());
        assertThat(claim(1, 1, false)).as("the answer was lost").isEqualTo(admitted());
        nowIs(login(1, ALICE));
        assertThat(claim(1, 1, false)).as("PPP begins again").isEqualTo(admitted());
        nowIs(login(2, ALICE));
        assertThat(claim(1, 1, false)).as("with calls from before the policy").isEqualTo(admitted());
        assertThat(claim(1, 1, true)).isEqualTo(admitted());
    }

    /** He waits for the address of the call that made room for him. */
    @Test
    void whoAsksAgainIsToldAgainWhoMadeRoom() {
        nowIs(login(1, ALICE));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, true)).isEqualTo(admitted(key(1)));
        assertThat(claim(2, 1, true)).as("the answer was lost").isEqualTo(admitted(key(1)));
        nowIs(ending(login(1, ALICE)));
        assertThat(claim(2, 1, true)).as("it goes").isEqualTo(admitted(key(1)));
        there.removeIf(login -> login.id().equals("id 1"));
        assertThat(claim(2, 1, true)).as("it is gone").isEqualTo(admitted());
    }

    @Test
    void whoWasLetInAndFailedThenCountsNoMore() {
        nowIs(login(1, ""));
        assertThat(claim(1, 1, false)).isEqualTo(admitted());
        nowIs(ending(login(1, "")));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, false)).isEqualTo(admitted());
        there.clear();
        nowIs(login(3, ""));
        assertThat(claim(3, 1, false)).as("both are gone").isEqualTo(admitted());
        assertThat(remembered.admitted()).containsOnlyKeys("id 3");
    }

    @Test
    void idsThatAreUsedAgainAreAnotherCalls() {
        nowIs(login(1, ""));
        assertThat(claim(1, 1, false)).isEqualTo(admitted());
        there.clear();
        there.add(new Login(key(1), "another", "", NOON, false));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, false)).isEqualTo(admitted());
    }

    @Test
    void aCallThatIsBeingEndedCountsNoMore() {
        nowIs(ending(login(1, ALICE)));
        nowIs(login(2, ""));
        assertThat(claim(2, 1, false)).isEqualTo(admitted());
    }

    @Test
    void aCallThatMovesIsOneCall() {
        nowIs(login(1, ALICE));
        there.add(login(1, ALICE));
        nowIs(login(2, ""));
        assertThat(claim(2, 2, false)).isEqualTo(admitted());
        there.add(login(2, ""));
        there.add(login(3, ""));
        there.add(login(3, ALICE));
        assertThat(claim(2, 2, false)).as("one of the two knows whose it is").isEqualTo(refused(key(1), key(3)));
        nowIs(ending(login(3, ALICE)));
        there.add(ending(login(1, ALICE)));
        assertThat(claim(2, 1, false)).as("one of the two knows that it ends").isEqualTo(admitted());
    }

    @Test
    void whoIsGoneReplacesNobody() {
        nowIs(login(1, ALICE));
        assertThat(claim(2, 1, true)).isEqualTo(new LoginVerdict.Gone());
        nowIs(ending(login(2, "")));
        assertThat(claim(2, 1, true)).isEqualTo(new LoginVerdict.Gone());
        assertThat(remembered).isEqualTo(Remembered.NOTHING);
    }

    @Test
    void nothingIsRememberedForEver() {
        nowIs(login(1, ALICE));
        nowIs(login(2, ""));
        claim(2, 1, true);
        assertThat(remembered.admitted()).containsOnlyKeys("id 2");
        assertThat(remembered.replaced()).containsOnlyKeys("id 1");
        nowIs(login(2, ALICE));
        remembered = LoginDecider.look(remembered, there);
        assertThat(remembered.admitted()).isEmpty();
        assertThat(remembered.replaced()).as("it is there yet").containsOnlyKeys("id 1");
        there.removeIf(login -> login.id().equals("id 1"));
        assertThat(LoginDecider.look(remembered, there)).isEqualTo(Remembered.NOTHING);
    }
}
