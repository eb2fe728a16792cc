package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.AuthenticationMethod;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call may use: from who was let in, changed while it is up, and after a restart; and numbered frames. */
class CallLimitsTest {
    private static final TrafficLimits OWN = new TrafficLimits(625_000, 0, 2_500_000, 262_144, 20_000);
    private static final TrafficLimits OTHER = new TrafficLimits(1_250_000, 0, 0, 0, 0);

    private static TwoEnds up(TrafficLimits limits) {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.limits = limits;
        ends.dialUntilUp();
        return ends;
    }

    private static TrafficLimits forwarded(CallEndUnderTest end) {
        ForwardingEntry entry = SessionDecider.forwardingEntry(end.state);
        assertThat(entry).isNotNull();
        return entry.limits();
    }

    @Test
    void theUsersLimitsAreForwardedUnderAndSurviveARestart() {
        TwoEnds ends = up(OWN);
        assertThat(only(SessionEffect.Install.class, ends.lns.effects)
                        .getLast()
                        .entry()
                        .limits())
                .isEqualTo(OWN);
        assertThat(SessionView.of(ends.lns.state).limits()).isEqualTo(OWN);
        ends.lns.restart();
        assertThat(forwarded(ends.lns)).as("for the bulk restore").isEqualTo(OWN);
        ends.lns.on(new SessionInput.Resume());
        assertThat(forwarded(ends.lns)).isEqualTo(OWN);
    }

    @Test
    void aCallWithoutLimitsWritesNoneIntoTheJournal() {
        TwoEnds ends = up(TrafficLimits.NONE);
        assertThat(((SessionEvent.NetworkUp) ends.lns.journal.getLast()).limits())
                .isNull();
        assertThat(forwarded(ends.lns)).isEqualTo(TrafficLimits.NONE);
    }

    @Test
    void aChangeIsInTheJournalBeforeTheDataPlaneKnowsItAndSurvivesARestart() {
        TwoEnds ends = up(OWN);
        List<SessionEffect> effects = ends.lns.on(new SessionInput.Limit(OTHER, "operator"));
        assertThat(effects).containsExactly(new SessionEffect.Limit(OTHER));
        assertThat(ends.lns.journal.getLast()).isInstanceOfSatisfying(SessionEvent.LimitsChanged.class, changed -> {
            assertThat(changed.limits()).isEqualTo(OTHER);
            assertThat(changed.by()).isEqualTo("operator");
        });
        assertThat(forwarded(ends.lns)).isEqualTo(OTHER);
        ends.lns.restart();
        assertThat(forwarded(ends.lns)).as("for the bulk restore").isEqualTo(OTHER);
        ends.lns.on(new SessionInput.Resume());
        ends.lns.on(new SessionInput.Limit(TrafficLimits.NONE, "operator"));
        ends.lns.restart();
        assertThat(forwarded(ends.lns)).isEqualTo(TrafficLimits.NONE);
    }

    /** Only what IPCP gave is new then; who was let in is not asked again. */
    @Test
    void aChangeOutlivesANewNegotiationOfIpcp() {
        TwoEnds ends = up(OWN);
        ends.lns.on(new SessionInput.Limit(OTHER, "operator"));
        List<SessionEffect> down =
                ends.lns.on(new SessionInput.Frame(TwoEnds.hex("ff03 8021 0155 000a 0306 0a000002")));
        assertThat(down).contains(new SessionEffect.Uninstall());
        assertThat(ends.lns.on(new SessionInput.Limit(OWN, "operator")))
                .as("nothing is forwarded now")
                .isEmpty();
        assertThat(SessionView.of(ends.lns.state).limits()).isEqualTo(OWN);
        int request = only(SessionEffect.SendFrame.class, down).stream()
                .map(frame -> frame.frame().toHex())
                .filter(hex -> hex.contains("802101"))
                .map(hex -> Integer.parseInt(hex.substring(hex.indexOf("802101") + 6, hex.indexOf("802101") + 8), 16))
                .findFirst()
                .orElseThrow();
        ends.lns.on(new SessionInput.Frame(TwoEnds.hex("ff03 8021 02%02x 000a 0306 0a000001".formatted(request))));
        assertThat(forwarded(ends.lns)).isEqualTo(OWN);
    }

    @Test
    void aCallThatIsNotUpHasNoLimits() {
        CallEndUnderTest lns = CallEndUnderTest.lns(AuthenticationMethod.PAP);
        SessionInput.Limit change = new SessionInput.Limit(OTHER, "operator");
        assertThat(lns.on(change)).containsExactly(new SessionEffect.Stop());
        lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        assertThat(lns.on(change)).containsExactly(new SessionEffect.Dropped("limits for a call that is not up"));
        lns.on(new SessionInput.Control(1, CallEndUnderTest.iccn()));
        assertThat(lns.on(change)).containsExactly(new SessionEffect.Dropped("limits for a call that is not up"));
        lns.on(new SessionInput.Close(ResultCode.of(3), "operator", "done"));
        while (!(lns.state instanceof SessionState.Closed)) {
            lns.tick();
        }
        assertThat(lns.on(change)).containsExactly(new SessionEffect.Stop());
        assertThat(lns.journal).noneMatch(SessionEvent.LimitsChanged.class::isInstance);
    }

    /** RFC 2661 §5.4: with the Sequencing Required AVP all data carries numbers, PPP's own frames included. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesAreNumberedWhenTheCallRequiresIt(boolean required) {
        CallEndUnderTest lns = CallEndUnderTest.lns(AuthenticationMethod.PAP);
        lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        lns.on(new SessionInput.Control(
                1,
                new ControlMessage.Iccn(
                        56_000, 1, null, null, null, null, null, null, required, AccessLine.NONE, List.of())));
        lns.tick();
        assertThat(only(SessionEffect.SendFrame.class, lns.effects))
                .hasSizeGreaterThan(1)
                .allMatch(frame -> frame.numbered() == required);
    }
}
