package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.PATH;
import static io.warren.control.tunnel.Exchange.dropped;
import static io.warren.control.tunnel.Exchange.said;
import static io.warren.control.tunnel.FailingPeer.THEIRS;
import static io.warren.control.tunnel.FailingPeer.answered;
import static io.warren.control.tunnel.FailingPeer.complete;
import static io.warren.control.tunnel.FailingPeer.established;
import static io.warren.control.tunnel.FailingPeer.establishedCall;
import static io.warren.control.tunnel.FailingPeer.exchange;
import static io.warren.control.tunnel.FailingPeer.recover;
import static io.warren.control.tunnel.FailingPeer.recoverySccrq;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Fsr;
import io.warren.wire.l2tp.FailoverSessionState;
import io.warren.wire.l2tp.MessageType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which calls both ends have: RFC 4951 §3.3. */
class SessionStatesTest {
    @Test
    void questionsOfThePeerAreAnsweredFromTheCallTable() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        int unused = call == 1 ? 2 : 1;
        List<TunnelEffect> effects = exchange.hear(
                new Fsq(List.of(new FailoverSessionState(31, call), new FailoverSessionState(77, unused)), List.of()));
        assertThat(said(effects))
                .containsExactly(new Fsr(
                        List.of(new FailoverSessionState(call, 31), new FailoverSessionState(0, 77)), List.of()));
        assertThat(exchange.state.sessionIds()).containsExactly(call);
    }

    /** RFC 4951, appendix C. */
    @Test
    void callThatThePeerPairsOtherwiseIsAskedAboutInsteadOfEnded() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        exchange.acknowledge();
        Fsq query = new Fsq(List.of(new FailoverSessionState(30, call)), List.of());
        assertThat(said(exchange.hear(query)))
                .containsExactly(
                        new Fsr(List.of(new FailoverSessionState(0, 30)), List.of()),
                        new Fsq(List.of(new FailoverSessionState(call, 31)), List.of()));
        assertThat(exchange.state.sessionIds()).containsExactly(call);
        exchange.hear(new Fsr(List.of(new FailoverSessionState(0, call)), List.of()));
        assertThat(exchange.state.sessionIds()).isEmpty();
    }

    @Test
    void manySessionsAreAskedAboutInSeveralMessages() {
        Exchange exchange = established(THEIRS);
        List<Integer> calls = IntStream.rangeClosed(1, 150)
                .mapToObj(id -> establishedCall(exchange, id))
                .toList();
        exchange.acknowledge();
        int events = exchange.journal.size();
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        assertThat(exchange.state.sessionIds()).containsExactlyInAnyOrderElementsOf(calls);
        assertThat(exchange.journal.subList(events, exchange.journal.size()).stream()
                        .filter(TunnelEvent.MessageSent.class::isInstance))
                .hasSize(3);
    }

    @Test
    void badOrUnwantedSessionStatesHarmNobody() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        assertThat(dropped(exchange.hear(new BadMessage(MessageType.FSQ, 0, 2, "test"))))
                .containsExactly("bad-session-states");
        exchange.hear(new Fsr(List.of(new FailoverSessionState(0, call == 9 ? 8 : 9)), List.of()));
        assertThat(exchange.state.sessionIds()).containsExactly(call);
        Exchange without = established(null);
        int kept = establishedCall(without, 31);
        assertThat(dropped(without.hear(new Fsr(List.of(new FailoverSessionState(0, kept)), List.of()))))
                .containsExactly("failover-not-agreed");
        assertThat(without.state.sessionIds()).containsExactly(kept);
    }
}
