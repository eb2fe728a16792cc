package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.ingress.SessionDirectory;
import io.warren.control.login.Login;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TerminateCause;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How a call counts among those of its user, from its beginning to its end, and how it makes room for another. */
class CallLoginTest {
    private static final SessionInput.Close REPLACED = new SessionInput.Close(
            new ResultCode(3, 0, "replaced by a newer call"), SessionInput.Close.NEWER_CALL, "replaced by call 7-9");

    private final TwoEnds ends = TwoEnds.accounted(Duration.ZERO);
    private final SessionDirectory sessions = new SessionDirectory();

    private Login login() {
        return Objects.requireNonNull(CallLogin.of(ends.lns.state));
    }

    @Test
    void aCallIsItsUsersFromTheMomentThatHeIsLetIn() {
        ends.accessIsSlow = true;
        ends.dial();
        ends.run(both -> both.lns.state instanceof SessionState.Established call
                && call.live() != null
                && call.live().admission().asked() != null);
        assertThat(login().user()).as("it claims").isEmpty();
        assertThat(login().id()).hasSize(22);
    }

    @Test
    void aCallIsItsUsersUntilItIsOver() {
        ends.dialUntilUp();
        Login up = login();
        assertThat(up.user()).isEqualTo(CallEndUnderTest.USER);
        assertThat(up.ending()).isFalse();
        assertThat(CallLogin.of(SessionView.of(ends.lns.state))).isEqualTo(up);
        SessionState live = ends.lns.state;
        ends.lns.restart();
        assertThat(login()).as("from the journal").isEqualTo(up);
        ends.lns.state = live;
        ends.lacIsDeaf = true;
        ends.give(ends.lns, REPLACED);
        assertThat(login().ending()).isTrue();
        assertThat(login().id()).isEqualTo(up.id());
        ends.run(both -> both.lns.state instanceof SessionState.Owing || both.lns.state instanceof SessionState.Closed);
        assertThat(CallLogin.of(ends.lns.state)).isNull();
        assertThat(CallLogin.of(SessionView.of(ends.lns.state))).isNull();
    }

    /** RFC 2866 §5.10. */
    @Test
    void aReplacedCallIsAccountedForAsPreempted() {
        ends.dialUntilUp();
        ends.give(ends.lns, REPLACED);
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        AccountingRecord stop = ends.told.getLast();
        assertThat(stop.cause()).isEqualTo(TerminateCause.PORT_PREEMPTED);
        SessionState.Closed closed = (SessionState.Closed) ends.lns.state;
        assertThat(closed.event().by()).isEqualTo("newer call");
        assertThat(closed.event().reason()).isEqualTo("replaced by call 7-9");
        assertThat(Objects.requireNonNull(closed.event().result()).code()).isEqualTo(3);
    }

    @Test
    void theDirectoryFindsTheCallsOfAUser() {
        ends.dialUntilUp();
        SessionKey key = ends.lns.state.key();
        sessions.expect(key, new SessionState.Idle(key));
        assertThat(sessions.of(CallEndUnderTest.USER)).isEmpty();
        sessions.update(key, ends.lns.state);
        assertThat(sessions.of(CallEndUnderTest.USER)).containsExactly(key);
        assertThat(sessions.of("bob")).isEmpty();
        assertThat(sessions.of("")).isEmpty();
        sessions.update(key, ends.lns.state);
        sessions.update(key, new SessionState.Idle(key));
        assertThat(sessions.of(CallEndUnderTest.USER)).isEmpty();
        sessions.update(key, ends.lns.state);
        sessions.dismiss(key);
        assertThat(sessions.of(CallEndUnderTest.USER)).isEmpty();
        sessions.expect(key, ends.lns.state);
        assertThat(sessions.of(CallEndUnderTest.USER)).containsExactly(key);
        sessions.dismissShard(key.tunnelId() >> 8);
        assertThat(sessions.of(CallEndUnderTest.USER)).isEmpty();
        assertThat(sessions.count()).isZero();
    }
}
