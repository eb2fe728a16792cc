package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.OUR_TUNNEL;
import static io.warren.control.tunnel.Exchange.PATH;
import static io.warren.control.tunnel.Exchange.PEER_TUNNEL;
import static io.warren.control.tunnel.Exchange.dropped;
import static io.warren.control.tunnel.Exchange.said;
import static io.warren.control.tunnel.FailingPeer.ANSWER;
import static io.warren.control.tunnel.FailingPeer.CYCLE;
import static io.warren.control.tunnel.FailingPeer.PEER_RECOVERY;
import static io.warren.control.tunnel.FailingPeer.RECOVERY;
import static io.warren.control.tunnel.FailingPeer.THEIRS;
import static io.warren.control.tunnel.FailingPeer.answered;
import static io.warren.control.tunnel.FailingPeer.complete;
import static io.warren.control.tunnel.FailingPeer.established;
import static io.warren.control.tunnel.FailingPeer.establishedCall;
import static io.warren.control.tunnel.FailingPeer.exchange;
import static io.warren.control.tunnel.FailingPeer.inRecovery;
import static io.warren.control.tunnel.FailingPeer.recover;
import static io.warren.control.tunnel.FailingPeer.recoverySccrq;
import static io.warren.control.tunnel.FailingPeer.scccn;
import static io.warren.control.tunnel.FailingPeer.sccrq;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.FailoverSessionState;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.UnknownMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may recover a tunnel, and how long a peer that may is waited for: RFC 4951 §3.1, §3.2.1, §5.1. */
class FailoverTest {
    @ParameterizedTest
    @EnumSource(FailoverSettings.Use.class)
    void capabilityIsAnsweredToWhomOffersIt(FailoverSettings.Use use) {
        for (FailoverCapability theirs :
                new @Nullable FailoverCapability[] {null, THEIRS, new FailoverCapability(false, true, 0)}) {
            Exchange exchange = exchange(new FailoverSettings(use, Duration.ofMinutes(5)), null);
            Sccrp sccrp = answered(exchange.hearSccrq(sccrq(PEER_TUNNEL, "lac", null, theirs, null)));
            boolean answered = use != FailoverSettings.Use.OFF && theirs != null;
            assertThat(sccrp.failoverCapability()).isEqualTo(answered ? new FailoverCapability(true, true, 0) : null);
            exchange.hear(new Scccn(null, List.of()));
            FailoverCapability agreed = answered && theirs != null && theirs.controlChannel() ? theirs : null;
            assertThat(exchange.state.connection().peer().failover()).isEqualTo(agreed);
            assertThat(exchange.recovered().connection().peer().failover()).isEqualTo(agreed);
        }
    }

    @ParameterizedTest
    @EnumSource(FailoverSettings.Use.class)
    void capabilityIsInOurRequestOnlyWhenToldSo(FailoverSettings.Use use) {
        Exchange exchange = exchange(new FailoverSettings(use, Duration.ofMinutes(5)), null);
        Sccrq ours = (Sccrq) said(exchange.decide(new TunnelInput.Open(PATH))).getFirst();
        boolean offered = use == FailoverSettings.Use.OFFER;
        assertThat(ours.failoverCapability() != null).isEqualTo(offered);
        exchange.hear(
                new Sccrp(0x0100, "lns", 3, PEER_TUNNEL, null, 8, null, null, null, null, THEIRS, null, List.of()));
        assertThat(exchange.state.connection().peer().failover()).isEqualTo(offered ? THEIRS : null);
        assertThat(exchange.recovered().connection().peer())
                .isEqualTo(exchange.state.connection().peer());
    }

    @Test
    void silentPeerIsWaitedForAsLongAsItAskedFor() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        exchange.acknowledge();
        exchange.decide(new TunnelInput.Send(call, Exchange.sli()));
        exchange.effects.clear();
        exchange.runFor(CYCLE.plusSeconds(59));
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
        assertThat(exchange.effects).noneMatch(TunnelEffect.EndCall.class::isInstance);
        assertThat(said(exchange.effects)).noneMatch(StopCcn.class::isInstance);
        exchange.runFor(Duration.ofSeconds(10));
        assertThat(exchange.state).isInstanceOf(TunnelState.Closed.class);
    }

    @Test
    void patienceIsStillThereAfterARestartOfOurs() {
        Exchange exchange = established(THEIRS);
        establishedCall(exchange, 31);
        exchange.state = exchange.recovered();
        exchange.decide(new TunnelInput.Resume(null));
        exchange.runFor(CYCLE.plusSeconds(50));
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
    }

    @Test
    void withoutCapabilityOrBeyondOurLimitNobodyIsWaitedFor() {
        FailoverSettings impatient = new FailoverSettings(FailoverSettings.Use.ANSWER, Duration.ZERO);
        for (Exchange exchange : List.of(established(null), established(exchange(impatient, null), THEIRS))) {
            exchange.callFromPeer(31);
            exchange.runFor(CYCLE.plusSeconds(1));
            assertThat(exchange.state).isInstanceOf(TunnelState.Closed.class);
        }
    }

    @Test
    void wrongSecretChangesNothing() {
        Exchange exchange = established(exchange(ANSWER, "secret"), THEIRS);
        int call = establishedCall(exchange, 31);
        exchange.acknowledge();
        for (Bytes wrong : new @Nullable Bytes[] {null, Bytes.ofHex("00112233445566778899aabbccddeeff")}) {
            FailingPeer.Numbers before = FailingPeer.Numbers.of(exchange);
            recover(exchange, PATH, recoverySccrq());
            List<TunnelEffect> effects = inRecovery(exchange, 1, 1, new Scccn(wrong, List.of()));
            assertThat(dropped(effects)).contains("recovery-refused");
            assertThat(said(effects))
                    .singleElement()
                    .matches(body ->
                            body instanceof StopCcn stop && stop.result().code() == 4);
            assertThat(FailingPeer.Numbers.of(exchange)).isEqualTo(before);
            assertThat(effects).noneMatch(TunnelEffect.EndCall.class::isInstance);
            assertThat(exchange.recovered().recoveryTunnelId()).isZero();
            exchange.runFor(CYCLE.plusSeconds(20));
            exchange.acknowledge();
        }
        assertThat(exchange.state.sessionIds()).containsExactly(call);
    }

    /** How it must not look to be taken for the peer of the old tunnel; the answer must not tell what was wrong. */
    @Test
    void strangersAndUnknownTunnelsAreRefusedAlike() {
        PeerPath elsewhere = new PeerPath(
                PATH.local(),
                new Endpoint(Bytes.ofHex("c6336401"), PATH.remote().port()));
        TunnelRecovery right = new TunnelRecovery(PEER_TUNNEL, OUR_TUNNEL);
        refused(established(THEIRS), elsewhere, recoverySccrq());
        refused(established(THEIRS), PATH, sccrq(PEER_RECOVERY, "other", null, null, right));
        refused(established(THEIRS), PATH, sccrq(PEER_TUNNEL, "lac", null, null, right));
        refused(
                established(THEIRS),
                PATH,
                sccrq(PEER_RECOVERY, "lac", null, null, new TunnelRecovery(PEER_TUNNEL + 5, OUR_TUNNEL)));
        refused(established(null), PATH, recoverySccrq());
        refused(established(exchange(FailoverSettings.OFF, null), THEIRS), PATH, recoverySccrq());
        refused(exchange(ANSWER, null), PATH, recoverySccrq());
    }

    private static void refused(Exchange exchange, PeerPath path, Sccrq sccrq) {
        int events = exchange.journal.size();
        TunnelState before = exchange.state;
        List<TunnelEffect> effects = recover(exchange, path, sccrq);
        assertThat(said(effects)).containsExactly(new StopCcn(OUR_TUNNEL, TunnelDecider.NOTHING_TO_RECOVER, List.of()));
        assertThat(dropped(effects)).containsExactly("recovery-refused");
        assertThat(exchange.journal).hasSize(events);
        assertThat(exchange.state.name()).isEqualTo(before.name());
        assertThat(exchange.state.recoveryTunnelId()).isZero();
        assertThat(effects.contains(new TunnelEffect.Stop())).isEqualTo(before instanceof TunnelState.Idle);
    }

    @Test
    void challengeThatCannotBeAnsweredIsRefusedAsInAnyTunnel() {
        Exchange exchange = established(THEIRS);
        Sccrq challenging =
                sccrq(PEER_RECOVERY, "lac", Bytes.ofHex("0102"), null, new TunnelRecovery(PEER_TUNNEL, OUR_TUNNEL));
        assertThat(said(recover(exchange, PATH, challenging)))
                .singleElement()
                .matches(body -> body instanceof StopCcn stop && stop.result().code() == 4);
        assertThat(exchange.state.recoveryTunnelId()).isZero();
    }

    @Test
    void oneRecoveryAtATime() {
        Exchange exchange = established(THEIRS);
        recover(exchange, PATH, recoverySccrq());
        Sccrq other = sccrq(902, "lac", null, null, new TunnelRecovery(PEER_TUNNEL, OUR_TUNNEL));
        assertThat(dropped(recover(exchange, PATH, other))).containsExactly("recovery-under-way");
        int events = exchange.journal.size();
        assertThat(dropped(recover(exchange, PATH, recoverySccrq())))
                .as("a repetition of the first one")
                .containsExactly("duplicate");
        assertThat(exchange.journal).hasSize(events);
        exchange.now += exchange.settings.setupTimeout().toNanos();
        exchange.decide(new TunnelInput.Tick());
        assertThat(exchange.recovered().recoveryTunnelId()).isZero();
        assertThat(answered(recover(exchange, PATH, other)).assignedTunnelId()).isEqualTo(RECOVERY);
    }

    @Test
    void withoutJournalOrIdThePeerHasToTryAgain() {
        Exchange exchange = established(THEIRS);
        exchange.writable = false;
        assertThat(dropped(recover(exchange, PATH, recoverySccrq()))).containsExactly("recovery-not-now");
        exchange.writable = true;
        List<TunnelEffect> effects =
                exchange.decide(new TunnelInput.Recover(PATH, new ControlPacket(0, 0, 0, 0, recoverySccrq()), 0));
        assertThat(dropped(effects)).containsExactly("recovery-not-now");
        effects = exchange.decide(new TunnelInput.Received(PATH, new ControlPacket(0, 0, 0, 0, recoverySccrq())));
        assertThat(dropped(effects)).containsExactly("recovery-not-now");
        assertThat(answered(recover(exchange, PATH, recoverySccrq()))).isNotNull();
    }

    @Test
    void whatDoesNotBelongIntoARecoveryTunnelIsIgnored() {
        Exchange exchange = established(THEIRS);
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        exchange.acknowledge();
        FailingPeer.Numbers before = FailingPeer.Numbers.of(exchange);
        List<ControlBody> bodies = List.of(
                Exchange.icrq(40),
                new Scccn(null, List.of()),
                new UnknownMessage(99, true),
                new BadMessage(MessageType.ICRQ, 40, 3, "test"),
                new Fsq(List.of(new FailoverSessionState(1, 1)), List.of()));
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(dropped(inRecovery(exchange, 2 + i, 1, bodies.get(i))))
                    .containsExactly("not-in-a-recovery-tunnel");
        }
        assertThat(FailingPeer.Numbers.of(exchange)).isEqualTo(before);
        PeerPath elsewhere = Exchange.path(50_000);
        assertThat(dropped(exchange.decide(
                        new TunnelInput.Received(elsewhere, new ControlPacket(RECOVERY, 0, 7, 1, Exchange.stopCcn())))))
                .containsExactly("wrong-source");
        assertThat(dropped(exchange.decide(
                        new TunnelInput.Received(PATH, new ControlPacket(RECOVERY + 1, 0, 7, 1, Exchange.stopCcn())))))
                .containsExactly("not-this-tunnel");
    }

    @Test
    void badScccnEndsTheRecoveryOnly() {
        Exchange exchange = established(THEIRS);
        exchange.acknowledge();
        FailingPeer.Numbers before = FailingPeer.Numbers.of(exchange);
        recover(exchange, PATH, recoverySccrq());
        List<TunnelEffect> effects = inRecovery(exchange, 1, 1, new BadMessage(MessageType.SCCCN, 0, 2, "test"));
        assertThat(said(effects)).hasExactlyElementsOfTypes(StopCcn.class);
        assertThat(FailingPeer.Numbers.of(exchange)).isEqualTo(before);
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
    }

    @Test
    void closingTheTunnelEndsItsRecovery() {
        Exchange exchange = established(THEIRS);
        exchange.acknowledge();
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        exchange.decide(new TunnelInput.Close(ResultCode.of(1), "operator"));
        assertThat(exchange.state.recoveryTunnelId()).isZero();
        assertThat(dropped(inRecovery(exchange, 1, 1, scccn(sccrp)))).containsExactly("not-this-tunnel");
    }
}
