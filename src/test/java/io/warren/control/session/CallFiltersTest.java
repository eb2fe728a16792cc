package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SubscriberProfile;
import io.warren.ppp.AuthenticationMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filters of a call: its user's own, and those that somebody puts it behind while it is up. */
class CallFiltersTest {
    private static final SessionInput.Filters CHANGE = new SessionInput.Filters(List.of("garden.in"), "radius one");

    private static List<String> forwarded(CallEndUnderTest end) {
        ForwardingEntry entry = SessionDecider.forwardingEntry(end.state);
        assertThat(entry).isNotNull();
        return entry.filters();
    }

    private static TwoEnds up(String... filters) {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.profile = SubscriberProfile.NONE.behind(List.of(filters));
        ends.dialUntilUp();
        return ends;
    }

    @Test
    void theUsersFilterIsForwardedThroughAndSurvivesARestart() {
        TwoEnds ends = up("own");
        assertThat(only(SessionEffect.Install.class, ends.lns.effects)
                        .getLast()
                        .entry()
                        .filters())
                .containsExactly("own");
        ends.lns.restart();
        assertThat(forwarded(ends.lns)).containsExactly("own");
    }

    @Test
    void aChangeIsInTheJournalAndInTheDataPlaneAndSurvivesARestart() {
        TwoEnds ends = up("own");
        List<SessionEffect> effects = ends.lns.on(CHANGE);
        assertThat(only(SessionEffect.Install.class, effects).getFirst().entry().filters())
                .containsExactly("garden.in");
        assertThat(ends.lns.journal.getLast()).isInstanceOfSatisfying(SessionEvent.FiltersChanged.class, changed -> {
            assertThat(changed.filters()).containsExactly("garden.in");
            assertThat(changed.by()).isEqualTo("radius one");
        });
        ends.lns.restart();
        assertThat(forwarded(ends.lns)).as("for the bulk restore").containsExactly("garden.in");
        ends.lns.on(new SessionInput.Resume());
        assertThat(forwarded(ends.lns)).containsExactly("garden.in");
        ends.lns.on(new SessionInput.Filters(List.of(), "operator"));
        assertThat(forwarded(ends.lns)).isEmpty();
    }

    /** RFC 2865 §5.11 leaves it open; whoever is to be behind a filter must not be without one. */
    @Test
    void whoIsToBeBehindAFilterThatThereIsNotIsNotLetIn() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.profile = SubscriberProfile.NONE.behind(List.of("gardne"));
        ends.dial();
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.journal).noneMatch(SessionEvent.NetworkUp.class::isInstance);
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNull();
    }

    @Test
    void aChangeToAFilterThatThereIsNotChangesNothing() {
        TwoEnds ends = up("own");
        int events = ends.lns.journal.size();
        assertThat(ends.lns.on(new SessionInput.Filters(List.of("gardne.in"), "radius one")))
                .containsExactly(new SessionEffect.Dropped("a change to a filter that is not in the configuration"));
        assertThat(ends.lns.journal).hasSize(events);
        assertThat(forwarded(ends.lns)).containsExactly("own");
    }

    @Test
    void aCallThatIsNotUpHasNoFilters() {
        CallEndUnderTest lns = CallEndUnderTest.lns(AuthenticationMethod.PAP);
        assertThat(lns.on(CHANGE)).containsExactly(new SessionEffect.Stop());
        lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        assertThat(lns.on(CHANGE)).containsExactly(new SessionEffect.Dropped("filters for a call that is not up"));
        lns.on(new SessionInput.Control(1, CallEndUnderTest.iccn()));
        assertThat(lns.on(CHANGE)).containsExactly(new SessionEffect.Dropped("filters for a call that is not up"));
    }
}
