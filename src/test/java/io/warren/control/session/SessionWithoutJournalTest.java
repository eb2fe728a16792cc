package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.port.Meters;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.AuthenticationMethod;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a call does while the journal takes no events. */
class SessionWithoutJournalTest {
    private CallEndUnderTest lns = CallEndUnderTest.lns();

    @BeforeEach
    void callIsUp() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        lns = ends.lns;
    }

    private SessionDecision without(SessionInput input) {
        return SessionDecider.decide(
                lns.state, input, lns.settings, new Moment(lns.now, Instant.EPOCH, new Random(1)), Meters.NONE, false);
    }

    @Test
    void thePeersCdnWaitsAndTheCallGoesOn() {
        SessionInput cdn =
                new SessionInput.Control(9, new ControlMessage.Cdn(ResultCode.of(1), 90, null, null, List.of()));
        SessionDecision decision = without(cdn);
        assertThat(decision)
                .isEqualTo(new SessionDecision(lns.state, List.of(), List.of(new SessionEffect.Later(cdn))));
        assertThat(lns.on(cdn)).contains(new SessionEffect.Confirm(9), new SessionEffect.Stop());
    }

    @Test
    void whatTheTunnelAndTheOperatorWantWaits() {
        SessionInput down = new SessionInput.TunnelDown("gone");
        SessionInput limit = new SessionInput.Limit(new TrafficLimits(1_000, 65_536, 1_000, 65_536, 0), "operator");
        assertThat(without(down).effects()).containsExactly(new SessionEffect.Later(down));
        assertThat(without(limit).effects()).containsExactly(new SessionEffect.Later(limit));
        assertThat(without(limit).events()).isEmpty();
    }

    @Test
    void aDeadlineThatEndsTheCallIsFoundAgain() {
        lns.now += Duration.ofMinutes(10).toNanos();
        SessionState before = lns.state;
        for (int tick = 0; tick < 20; tick++) {
            lns.now += Duration.ofMinutes(1).toNanos();
            SessionDecision decision = without(new SessionInput.Tick());
            assertThat(decision.events()).isEmpty();
            lns.state = decision.state();
        }
        assertThat(before).isInstanceOf(SessionState.Established.class);
        assertThat(lns.state).isInstanceOf(SessionState.Established.class);
        lns.on(new SessionInput.Tick());
        assertThat(lns.state).isInstanceOf(SessionState.Closed.class);
    }
}
