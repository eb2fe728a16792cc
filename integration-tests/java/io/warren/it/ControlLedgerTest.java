package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of {@link CrashPointsIT} sees what it is there to see. */
class ControlLedgerTest {
    private static final Bytes HELLO = L2tpCodec.encodeBody(new ControlMessage.Hello(), null);
    private static final Bytes STOP = stop(1);
    private static final Bytes OTHER_STOP = stop(6);

    private final ControlLedger ledger = new ControlLedger(7, TunnelSecret.of("secret"));

    @Test
    void aRepetitionIsNoFault() throws WireException {
        node(0, 0, STOP, true);
        ledger.killed();
        node(0, 0, STOP, true);
        assertThat(ledger.faultsAtTheEnd()).isEmpty();
    }

    @Test
    void oneOctetThatIsOtherIsSeen() throws WireException {
        node(0, 0, STOP, true);
        ledger.killed();
        node(0, 0, OTHER_STOP, true);
        assertThat(ledger.faultsAtTheEnd()).containsExactly("Ns 0 is used again with other content");
    }

    @Test
    void whatWasLostMayNotChangeEither() throws WireException {
        node(0, 0, STOP, false);
        node(0, 0, OTHER_STOP, true);
        assertThat(ledger.faultsAtTheEnd()).contains("Ns 0 is used again with other content, the first was lost");
    }

    @Test
    void aLostHelloMayBeForgotten() throws WireException {
        node(0, 0, STOP, true);
        node(1, 0, HELLO, false);
        assertThat(ledger.faultsAtTheEnd()).isEmpty();
        node(1, 0, STOP, true);
        assertThat(ledger.faultsAtTheEnd()).isEmpty();
    }

    @Test
    void gapsAreSeen() throws WireException {
        node(0, 0, STOP, true);
        node(2, 0, STOP, true);
        assertThat(ledger.faultsAtTheEnd()).containsExactly("a gap: Ns 2 after 0", "a gap: the peer never saw Ns 1");
    }

    @Test
    void aMessageThatNeverArrivesIsSeen() throws WireException {
        node(0, 0, STOP, false);
        assertThat(ledger.faultsAtTheEnd()).containsExactly("a gap: the peer never saw Ns 0");
    }

    @Test
    void anNrThatGoesBackOrTooFarIsSeen() throws WireException {
        peer(0);
        peer(1);
        node(0, 2, STOP, true);
        node(0, 1, STOP, true);
        node(0, 3, STOP, true);
        assertThat(ledger.faultsAtTheEnd())
                .containsExactly(
                        "Nr goes back from 2 to 1", "Nr 3 acknowledges what was never sent: 2 is the peer's next");
    }

    @Test
    void afterAKillNrMayBeLower() throws WireException {
        peer(0);
        node(0, 1, STOP, true);
        ledger.killed();
        node(0, 0, STOP, true);
        assertThat(ledger.faultsAtTheEnd()).isEmpty();
        assertThat(ledger.steppedBack()).isEqualTo(1);
    }

    private void node(int ns, int nr, Bytes body, boolean arrived) throws WireException {
        ledger.left(L2tpCodec.frame(7, 0, ns, nr, body).toByteArray(), arrived);
    }

    private void peer(int ns) throws WireException {
        ledger.sent(L2tpCodec.frame(9, 0, ns, 0, STOP).toByteArray());
    }

    private static Bytes stop(int result) {
        return L2tpCodec.encodeBody(new ControlMessage.StopCcn(9, ResultCode.of(result), List.of()), null);
    }
}
