package io.warren.control.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ResultCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tunnel does while the journal takes no events: nothing that would have to be in it. */
class TunnelWithoutJournalTest {
    private Exchange exchange = Exchange.plain();
    private int call;

    @BeforeEach
    void establish() {
        exchange = Exchange.plain().establishedAsResponder();
        call = exchange.callFromPeer(31);
        exchange.acknowledge();
        exchange.writable = false;
    }

    private static List<TunnelInput> later(List<TunnelEffect> effects) {
        return effects.stream()
                .filter(TunnelEffect.Later.class::isInstance)
                .map(effect -> ((TunnelEffect.Later) effect).input())
                .toList();
    }

    private void assertAcknowledged(List<TunnelEffect> effects) {
        assertThat(Exchange.sent(effects)).isNotEmpty();
        assertThat(Exchange.sent(effects).getLast().nr()).isEqualTo(exchange.peerNs);
    }

    @Test
    void aNewCallIsRefusedAtOnceWithCdn4() {
        int journalled = exchange.journal.size();
        List<TunnelEffect> effects = exchange.hear(Exchange.icrq(32));
        assertThat(Exchange.said(effects))
                .singleElement()
                .isInstanceOfSatisfying(
                        Cdn.class, cdn -> assertThat(cdn.result().code()).isEqualTo(4));
        assertThat(Exchange.sent(effects).getFirst().sessionId()).isEqualTo(32);
        assertAcknowledged(effects);
        assertThat(exchange.journal).hasSize(journalled);
        assertThat(effects).noneMatch(TunnelEffect.StartCall.class::isInstance);
    }

    @Test
    void aNewTunnelIsRefusedAtOnceWithStopCcn24() {
        Exchange other = Exchange.plain();
        other.writable = false;
        List<TunnelEffect> effects = other.hearSccrq(Exchange.sccrq(null, null));
        assertThat(Exchange.said(effects))
                .singleElement()
                .isInstanceOfSatisfying(ControlMessage.StopCcn.class, stop -> {
                    assertThat(stop.result().code()).isEqualTo(2);
                    assertThat(stop.result().errorCode()).isEqualTo(4);
                });
        assertThat(effects).contains(new TunnelEffect.Stop());
        assertThat(other.state).isInstanceOf(TunnelState.Idle.class);
    }

    @Test
    void hellosAreAnsweredAndSent() {
        assertAcknowledged(exchange.hear(new ControlMessage.Hello()));
        List<TunnelEffect> effects = exchange.tickAfter(Duration.ofSeconds(61));
        assertThat(Exchange.said(effects)).singleElement().isInstanceOf(ControlMessage.Hello.class);
    }

    @Test
    void theRefusalIsRepeatedAndItsNumberNotUsedAgain() {
        int ns = Exchange.sent(exchange.hear(Exchange.icrq(32))).getFirst().ns();
        List<TunnelEffect> repeated = exchange.tickAfter(Duration.ofSeconds(1));
        assertThat(Exchange.sent(repeated))
                .singleElement()
                .extracting(ControlPacket::ns)
                .isEqualTo(ns);
        exchange.acknowledge();
        exchange.writable = true;
        List<TunnelEffect> accepted = exchange.hear(Exchange.icrq(33));
        assertThat(Exchange.sent(accepted).getFirst().ns()).isEqualTo(ns + 1);
    }

    @Test
    void theRefusalsNumberIsFoundAgainAfterACrash() {
        exchange.hear(Exchange.icrq(32));
        exchange.acknowledge();
        exchange.state = exchange.recovered();
        exchange.writable = true;
        exchange.decide(new TunnelInput.Resume(null));
        exchange.acknowledge();
        exchange.runFor(Duration.ofSeconds(10));
        exchange.acknowledge();
        List<TunnelEffect> accepted = exchange.hear(Exchange.icrq(33));
        assertThat(Exchange.said(accepted)).singleElement().isInstanceOf(ControlMessage.Icrp.class);
    }

    @Test
    void aCdnIsAcknowledgedAtOnceAndItsCallEndedWhenTheJournalIsBack() {
        int cdnNs = exchange.peerNs;
        List<TunnelEffect> effects = exchange.hear(call, Exchange.cdn(31));
        assertAcknowledged(effects);
        assertThat(effects).anyMatch(TunnelEffect.Deliver.class::isInstance);

        TunnelInput confirmed = new TunnelInput.Handled(cdnNs);
        assertThat(later(exchange.decide(confirmed))).containsExactly(confirmed);
        assertThat(exchange.state.call(call)).isNotNull();

        exchange.writable = true;
        exchange.decide(confirmed);
        assertThat(exchange.state.call(call)).isNull();
        assertThat(exchange.journal.getLast()).isInstanceOf(TunnelEvent.CallEnded.class);
    }

    @Test
    void whatWasWaitingForItsSessionWhenTheJournalWentIsAcknowledged() {
        exchange.writable = true;
        List<TunnelEffect> unconfirmed = exchange.hear(call, Exchange.iccn());
        assertThat(Exchange.sent(unconfirmed)).isEmpty();
        exchange.writable = false;
        assertAcknowledged(exchange.tickAfter(Duration.ofSeconds(1)));
    }

    @Test
    void aSessionsCdnAndAnOperatorsWishWait() {
        TunnelInput send = new TunnelInput.Send(call, Exchange.cdn(call));
        TunnelInput close = new TunnelInput.Close(ResultCode.of(6), "operator");
        assertThat(later(exchange.decide(send))).containsExactly(send);
        assertThat(later(exchange.decide(close))).containsExactly(close);
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
        exchange.writable = true;
        assertThat(Exchange.said(exchange.decide(send))).singleElement().isInstanceOf(Cdn.class);
    }

    /** It lay in the mailbox of the entity that was to write, while a substitute answered its repetition. */
    @Test
    void anOldPacketThatComesUpAgainDoesNotHoldUpWhatThePeerSaysNext() {
        exchange.acknowledge();
        int oldNs = exchange.peerNs;
        exchange.hear(Exchange.icrq(32));
        exchange.hear(Exchange.icrq(33));
        exchange.hear(Exchange.icrq(34));
        exchange.acknowledge();
        int handled = exchange.state.connection().channel().nr();

        exchange.state = exchange.recovered();
        exchange.writable = true;
        exchange.decide(new TunnelInput.Resume(handled));
        int nextNs = exchange.peerNs;
        exchange.peerNs = oldNs;
        exchange.hear(Exchange.icrq(32));
        exchange.peerNs = nextNs;
        exchange.acknowledge();
        exchange.acknowledge();
        exchange.effects.clear();
        exchange.hear(Exchange.icrq(35));
        exchange.runFor(Duration.ofSeconds(5));
        assertThat(Exchange.said(exchange.effects)).anyMatch(ControlMessage.Icrp.class::isInstance);
        assertThat(Exchange.startedCall(exchange.effects).peerSessionId()).isEqualTo(35);
    }

    @Test
    void aStopCcnWaits() {
        List<TunnelEffect> effects = exchange.hear(Exchange.stopCcn());
        assertThat(later(effects)).hasSize(1);
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
        exchange.writable = true;
        exchange.decide(later(effects).getFirst());
        assertThat(exchange.state).isInstanceOf(TunnelState.Closed.class);
    }

    @Test
    void aPeerThatIsSilentIsGivenUpWhenTheJournalIsBack() {
        exchange.tickAfter(Duration.ofSeconds(61));
        for (int i = 0; i < 100; i++) {
            exchange.tickAfter(Duration.ofSeconds(1));
        }
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
        exchange.writable = true;
        exchange.tickAfter(Duration.ZERO);
        assertThat(exchange.state).isInstanceOf(TunnelState.Closed.class);
    }
}
