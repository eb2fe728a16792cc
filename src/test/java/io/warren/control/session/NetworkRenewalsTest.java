package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.ppp.AuthenticationMethod;
import io.warren.wire.l2tp.ControlMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many rows of the journal a peer can have written by negotiating its network anew, through a whole link. */
class NetworkRenewalsTest {
    /** At once; then there is one more in {@link #EACH}. */
    private static final int MOST = 20;

    private static final long EACH = Duration.ofSeconds(3).toNanos();

    private static final String ANEW = "the network is negotiated anew too often";

    private static TwoEnds up() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lacIsDeaf = true;
        return ends;
    }

    private static long rows(CallEndUnderTest lns) {
        return lns.journal.stream()
                .filter(SessionEvent.NetworkUp.class::isInstance)
                .count();
    }

    private static boolean isUp(CallEndUnderTest lns) {
        return SessionDecider.forwardingEntry(lns.state) != null;
    }

    /** A Configure-Request for the address that the peer has, and the answer to the LNS's own: IPCP is open again. */
    private static void ipcpAnew(CallEndUnderTest lns, int id) {
        List<SessionEffect> down =
                lns.on(new SessionInput.Frame(TwoEnds.hex("ff03 8021 01%02x 000a 0306 0a000002".formatted(id))));
        String request = only(SessionEffect.SendFrame.class, down).stream()
                .map(frame -> frame.frame().toHex())
                .filter(hex -> hex.contains("802101"))
                .findFirst()
                .orElseThrow();
        String acknowledged = request.replaceFirst("802101", "802102");
        lns.on(new SessionInput.Frame(TwoEnds.hex(acknowledged)));
    }

    /** With an LCP Terminate-Request, which may go unanswered. */
    private static void assertEnded(CallEndUnderTest lns) {
        assertThat(isUp(lns)).isFalse();
        lns.on(new SessionInput.Frame(TwoEnds.hex("ff03 8021 0178 000a 0306 0a000002")));
        while (!(lns.state instanceof SessionState.Closed)) {
            lns.tick();
        }
        assertThat(lns.closed().by()).isEqualTo("local");
        assertThat(lns.closed().reason()).isEqualTo(ANEW);
        ControlMessage.Cdn cdn = CallEndUnderTest.cdn(lns.effects);
        assertThat(cdn.result().code()).isEqualTo(3);
        assertThat(lns.effects).contains(new SessionEffect.ReleaseAddress(CallEndUnderTest.ASSIGNED));
    }

    @Test
    void aBurstOfIpcpIsEndedWithTheCall() {
        CallEndUnderTest lns = up().lns;
        for (int row = 2; row <= MOST; row++) {
            ipcpAnew(lns, row);
            assertThat(isUp(lns)).as("row %d", row).isTrue();
            assertThat(rows(lns)).isEqualTo(row);
        }
        ipcpAnew(lns, 0x77);
        assertEnded(lns);
        assertThat(rows(lns)).isEqualTo(MOST);
    }

    /** With LCP the whole link begins anew, but not what it has spent. */
    @Test
    void aBurstOfLcpIsEndedWithTheCall() {
        TwoEnds ends = up();
        ends.lacIsDeaf = false;
        for (int row = 2; row <= MOST; row++) {
            lcpAnew(ends, row);
            assertThat(isUp(ends.lns)).as("row %d", row).isTrue();
            assertThat(rows(ends.lns)).isEqualTo(row);
        }
        lcpAnew(ends, 0x77);
        assertEnded(ends.lns);
        assertThat(rows(ends.lns)).isEqualTo(MOST);
    }

    /** The LAC end answers the LNS's Configure-Request by beginning anew, too. */
    private static void lcpAnew(TwoEnds ends, int id) {
        ends.give(ends.lns, new SessionInput.Frame(TwoEnds.hex("ff03c021 01%02x000a 0506 12345678".formatted(id))));
    }

    @Test
    void nowAndThenItMayBeAsOftenAsAPeerLikes() {
        CallEndUnderTest lns = up().lns;
        for (int row = 2; row <= 3 * MOST; row++) {
            lns.now += EACH;
            ipcpAnew(lns, row);
            assertThat(isUp(lns)).as("row %d", row).isTrue();
            assertThat(rows(lns)).isEqualTo(row);
        }
    }

    @Test
    void afterABurstThereIsOneInAWhile() {
        CallEndUnderTest lns = up().lns;
        for (int row = 2; row <= MOST; row++) {
            ipcpAnew(lns, row);
        }
        lns.now += EACH;
        ipcpAnew(lns, 0x50);
        assertThat(isUp(lns)).isTrue();
        lns.now += EACH - 1;
        ipcpAnew(lns, 0x51);
        assertEnded(lns);
        assertThat(rows(lns)).isEqualTo(MOST + 1);
    }
}
