package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.OUR_TUNNEL;
import static io.warren.control.tunnel.Exchange.PATH;
import static io.warren.control.tunnel.Exchange.PEER_TUNNEL;
import static io.warren.control.tunnel.Exchange.dropped;
import static io.warren.control.tunnel.Exchange.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ChallengeResponse;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Fsr;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ControlSequence;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.FailoverSessionState;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.l2tp.UnknownMessage;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that fails, and comes back: RFC 4951 as the remote endpoint. */
class FailoverTest {
    private static final int RECOVERY = 701;
    private static final int PEER_RECOVERY = 901;
    private static final FailoverCapability THEIRS = new FailoverCapability(true, true, 60_000);
    private static final FailoverSettings ANSWER =
            new FailoverSettings(FailoverSettings.Use.ANSWER, Duration.ofMinutes(5));
    private static final Duration CYCLE = Exchange.PLAIN.retransmit().cycle();

    private static Exchange exchange(FailoverSettings failover, @Nullable String secret) {
        return new Exchange(Exchange.settings(secret, false, 500, 500, failover));
    }

    private static Exchange established(@Nullable FailoverCapability theirs) {
        return established(exchange(ANSWER, null), theirs);
    }

    private static Exchange established(Exchange exchange, @Nullable FailoverCapability theirs) {
        Sccrp sccrp = (Sccrp) said(exchange.hearSccrq(sccrq(PEER_TUNNEL, "lac", null, theirs, null)))
                .getFirst();
        exchange.hear(scccn(sccrp));
        return exchange;
    }

    private static Scccn scccn(Sccrp sccrp) {
        Bytes challenge = sccrp.challenge();
        return new Scccn(
                challenge == null
                        ? null
                        : ChallengeResponse.compute(MessageType.SCCCN, TunnelSecret.of("secret"), challenge),
                List.of());
    }

    private static Sccrq sccrq(
            int assignedTunnelId,
            String hostName,
            @Nullable Bytes challenge,
            @Nullable FailoverCapability capability,
            @Nullable TunnelRecovery recovery) {
        return new Sccrq(
                0x0100,
                hostName,
                3,
                assignedTunnelId,
                null,
                8,
                challenge,
                null,
                null,
                null,
                capability,
                recovery,
                List.of());
    }

    private static Sccrq recoverySccrq() {
        return sccrq(PEER_RECOVERY, "lac", null, null, new TunnelRecovery(PEER_TUNNEL, OUR_TUNNEL));
    }

    private static List<TunnelEffect> recover(Exchange exchange, PeerPath path, Sccrq sccrq) {
        return exchange.decide(new TunnelInput.Recover(path, new ControlPacket(0, 0, 0, 0, sccrq), RECOVERY));
    }

    private static Sccrp answered(List<TunnelEffect> effects) {
        return (Sccrp) said(effects).getFirst();
    }

    private static List<TunnelEffect> inRecovery(Exchange exchange, int ns, int nr, ControlBody body) {
        return exchange.decide(new TunnelInput.Received(PATH, new ControlPacket(RECOVERY, 0, ns, nr, body)));
    }

    /** The peer goes on with the numbers that it was told. */
    private static List<TunnelEffect> complete(Exchange exchange, Sccrp sccrp) {
        ControlSequence suggested = sccrp.suggestedSequence();
        assertThat(suggested).isNotNull();
        List<TunnelEffect> effects = inRecovery(exchange, 1, 1, scccn(sccrp));
        exchange.peerNs = suggested.ns();
        exchange.peerNr = Math.max(
                suggested.nr(),
                Exchange.sent(effects).stream()
                        .filter(packet -> packet.tunnelId() == PEER_TUNNEL)
                        .filter(packet -> !(packet.body() instanceof ZeroLengthBody))
                        .mapToInt(packet -> packet.ns() + 1)
                        .max()
                        .orElse(0));
        return effects;
    }

    private static int establishedCall(Exchange exchange, int peerSessionId) {
        int call = exchange.callFromPeer(peerSessionId);
        int ns = exchange.peerNs;
        exchange.hear(call, Exchange.iccn());
        exchange.decide(new TunnelInput.Handled(ns));
        return call;
    }

    @ParameterizedTest
    @EnumSource(FailoverSettings.Use.class)
    void capabilityIsAnsweredToWhomOffersIt(FailoverSettings.Use use) {
        for (FailoverCapability theirs :
                new @Nullable FailoverCapability[] {null, THEIRS, new FailoverCapability(false, true, 0)}) {
            Exchange exchange = exchange(new FailoverSettings(use, Duration.ofMinutes(5)), null);
            Sccrp sccrp = answered(exchange.hearSccrq(sccrq(PEER_TUNNEL, "lac", null, theirs, null)));
            boolean answered = use != FailoverSettings.Use.OFF && theirs != null;
            assertThat(sccrp.failoverCapability())
                    .isEqualTo(answered ? new FailoverCapability(true, true, 0) : null);
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
        exchange.hear(new Sccrp(
                0x0100, "lns", 3, PEER_TUNNEL, null, 8, null, null, null, null, THEIRS, null, List.of()));
        assertThat(exchange.state.connection().peer().failover()).isEqualTo(offered ? THEIRS : null);
        assertThat(exchange.recovered().connection().peer()).isEqualTo(exchange.state.connection().peer());
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
    void tunnelWithTwoCallsOfWhichThePeerLostOneIsRecovered() {
        Exchange exchange = established(THEIRS);
        int kept = establishedCall(exchange, 31);
        int lost = establishedCall(exchange, 32);
        exchange.acknowledge();
        int ns = exchange.state.ns();
        int nr = exchange.state.nr();
        // Nobody acknowledges this: the peer has failed.
        exchange.decide(new TunnelInput.Send(kept, Exchange.sli()));
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        assertThat(sccrp.assignedTunnelId()).isEqualTo(RECOVERY);
        assertThat(sccrp.failoverCapability()).isNull();
        ControlSequence suggested = sccrp.suggestedSequence();
        assertThat(suggested).isNotNull();
        assertThat(exchange.state.ns()).as("nothing has changed yet").isEqualTo(ns + 1);
        assertThat(exchange.state.nr()).isEqualTo(nr);

        List<TunnelEffect> effects = complete(exchange, sccrp);
        assertThat(exchange.state.nr()).isEqualTo(suggested.ns());
        assertThat(exchange.state.sessionIds()).containsExactlyInAnyOrder(kept, lost);
        ControlPacket query = Exchange.sent(effects).stream()
                .filter(packet -> packet.body() instanceof Fsq)
                .findFirst()
                .orElseThrow();
        assertThat(query.tunnelId()).isEqualTo(PEER_TUNNEL);
        assertThat(query.ns()).isEqualTo(suggested.nr());
        assertThat(query.nr()).isEqualTo(suggested.ns());
        assertThat(((Fsq) query.body()).sessions())
                .containsExactlyInAnyOrder(new FailoverSessionState(kept, 31), new FailoverSessionState(lost, 32));
        assertThat(said(effects)).noneMatch(body -> !(body instanceof Fsq) && !(body instanceof Hello));

        effects = exchange.hear(
                new Fsr(List.of(new FailoverSessionState(31, kept), new FailoverSessionState(0, lost)), List.of()));
        assertThat(effects)
                .anyMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == lost)
                .noneMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == kept);
        assertThat(said(effects)).noneMatch(Cdn.class::isInstance);
        assertThat(exchange.state.sessionIds()).containsExactly(kept);

        assertThat(said(exchange.hear(Exchange.icrq(33)))).hasExactlyElementsOfTypes(Icrp.class);
        assertThat(exchange.state.nr()).isEqualTo(suggested.ns() + 2);
        assertSameAfterReplay(exchange);
    }

    @Test
    void recoveryTunnelIsClosedByThePeerAndItsIdIsFreeAfterwards() {
        Exchange exchange = established(THEIRS);
        establishedCall(exchange, 31);
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        assertThat(exchange.state.recoveryTunnelId()).isEqualTo(RECOVERY);
        StopCcn stop = new StopCcn(PEER_RECOVERY, ResultCode.of(1), List.of());
        List<TunnelEffect> effects = inRecovery(exchange, 2, 1, stop);
        assertThat(Exchange.sent(effects))
                .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY
                        && packet.nr() == 3
                        && packet.body() instanceof ZeroLengthBody);
        assertThat(exchange.recovered().recoveryTunnelId()).isZero();
        assertThat(Exchange.sent(inRecovery(exchange, 2, 1, stop)))
                .as("a repetition is acknowledged")
                .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY && packet.nr() == 3);
        exchange.acknowledge();
        exchange.now += CYCLE.plusSeconds(1).toNanos();
        exchange.decide(new TunnelInput.Tick());
        assertThat(exchange.state.recoveryTunnelId()).isZero();
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
    }

    @Test
    void recoveryTunnelIsClosedByUsWhenThePeerDoesNot() {
        Exchange exchange = established(THEIRS);
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        exchange.effects.clear();
        exchange.now += CYCLE.plusSeconds(1).toNanos();
        exchange.decide(new TunnelInput.Tick());
        assertThat(Exchange.sent(exchange.effects))
                .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY
                        && packet.body() instanceof StopCcn stop
                        && stop.assignedTunnelId() == RECOVERY);
    }

    @Test
    void callsThatWereBeingSetUpAreClearedWithoutACdn() {
        Exchange exchange = established(THEIRS);
        int established = establishedCall(exchange, 31);
        int settingUp = exchange.callFromPeer(32);
        List<TunnelEffect> effects = complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        assertThat(effects)
                .anyMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == settingUp);
        assertThat(said(effects)).noneMatch(Cdn.class::isInstance);
        assertThat(exchange.state.sessionIds()).containsExactly(established);
        assertSameAfterReplay(exchange);
    }

    @Test
    void whatIsLeftOfTheOldConversationIsTakenForOld() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        int oldNs = exchange.peerNs;
        int oldNr = exchange.peerNr;
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        List<TunnelEffect> effects = exchange.decide(new TunnelInput.Received(
                PATH, new ControlPacket(OUR_TUNNEL, call, oldNs, oldNr, Exchange.cdn(31))));
        assertThat(dropped(effects)).containsExactly("duplicate");
        // A session that was slow to write names a number that is of no meaning any more.
        exchange.decide(new TunnelInput.Handled(oldNs - 1));
        assertThat(exchange.state.sessionIds()).containsExactly(call);
    }

    @Test
    void withASecretThePeerMustProveThatItKnowsIt() {
        Exchange exchange = established(exchange(ANSWER, "secret"), THEIRS);
        int call = establishedCall(exchange, 31);
        exchange.acknowledge();
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        assertThat(sccrp.challenge()).isNotNull();
        complete(exchange, sccrp);
        assertThat(exchange.state.nr()).isGreaterThan(Failover.LEAP);
        assertThat(exchange.state.sessionIds()).containsExactly(call);
    }

    @Test
    void wrongSecretChangesNothing() {
        Exchange exchange = established(exchange(ANSWER, "secret"), THEIRS);
        int call = establishedCall(exchange, 31);
        exchange.acknowledge();
        for (Bytes wrong : new @Nullable Bytes[] {null, Bytes.ofHex("00112233445566778899aabbccddeeff")}) {
            Numbers before = Numbers.of(exchange);
            recover(exchange, PATH, recoverySccrq());
            List<TunnelEffect> effects = inRecovery(exchange, 1, 1, new Scccn(wrong, List.of()));
            assertThat(dropped(effects)).contains("recovery-refused");
            assertThat(said(effects)).singleElement().matches(body -> body instanceof StopCcn stop
                    && stop.result().code() == 4);
            assertThat(Numbers.of(exchange)).isEqualTo(before);
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
        PeerPath elsewhere =
                new PeerPath(PATH.local(), new Endpoint(Bytes.ofHex("c6336401"), PATH.remote().port()));
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
        assertThat(said(effects))
                .containsExactly(new StopCcn(OUR_TUNNEL, TunnelDecider.NOTHING_TO_RECOVER, List.of()));
        assertThat(dropped(effects)).containsExactly("recovery-refused");
        assertThat(exchange.journal).hasSize(events);
        assertThat(exchange.state.name()).isEqualTo(before.name());
        assertThat(exchange.state.recoveryTunnelId()).isZero();
        assertThat(effects.contains(new TunnelEffect.Stop())).isEqualTo(before instanceof TunnelState.Idle);
    }

    @Test
    void challengeThatCannotBeAnsweredIsRefusedAsInAnyTunnel() {
        Exchange exchange = established(THEIRS);
        Sccrq challenging = sccrq(
                PEER_RECOVERY, "lac", Bytes.ofHex("0102"), null, new TunnelRecovery(PEER_TUNNEL, OUR_TUNNEL));
        assertThat(said(recover(exchange, PATH, challenging)))
                .singleElement()
                .matches(body ->
                        body instanceof StopCcn stop && stop.result().code() == 4);
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
    void tunnelDoesNotDieWhileItIsBeingRecovered() {
        Exchange exchange = established(new FailoverCapability(true, true, 0));
        exchange.callFromPeer(31);
        exchange.runFor(CYCLE.minusSeconds(1));
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        inRecovery(exchange, 1, 1, new ZeroLengthBody());
        exchange.runFor(exchange.settings.setupTimeout().minusSeconds(1));
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
        complete(exchange, sccrp);
        exchange.acknowledge();
        exchange.runFor(CYCLE);
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
    }

    @Test
    void withoutJournalOrIdThePeerHasToTryAgain() {
        Exchange exchange = established(THEIRS);
        exchange.writable = false;
        assertThat(dropped(recover(exchange, PATH, recoverySccrq()))).containsExactly("recovery-not-now");
        exchange.writable = true;
        List<TunnelEffect> effects = exchange.decide(
                new TunnelInput.Recover(PATH, new ControlPacket(0, 0, 0, 0, recoverySccrq()), 0));
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
        Numbers before = Numbers.of(exchange);
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
        assertThat(Numbers.of(exchange)).isEqualTo(before);
        PeerPath elsewhere = Exchange.path(50_000);
        assertThat(dropped(exchange.decide(new TunnelInput.Received(
                        elsewhere, new ControlPacket(RECOVERY, 0, 7, 1, Exchange.stopCcn())))))
                .containsExactly("wrong-source");
        assertThat(dropped(exchange.decide(new TunnelInput.Received(
                        PATH, new ControlPacket(RECOVERY + 1, 0, 7, 1, Exchange.stopCcn())))))
                .containsExactly("not-this-tunnel");
    }

    @Test
    void badScccnEndsTheRecoveryOnly() {
        Exchange exchange = established(THEIRS);
        exchange.acknowledge();
        Numbers before = Numbers.of(exchange);
        recover(exchange, PATH, recoverySccrq());
        List<TunnelEffect> effects = inRecovery(exchange, 1, 1, new BadMessage(MessageType.SCCCN, 0, 2, "test"));
        assertThat(said(effects)).hasExactlyElementsOfTypes(StopCcn.class);
        assertThat(Numbers.of(exchange)).isEqualTo(before);
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

    @Test
    void questionsOfThePeerAreAnsweredFromTheCallTable() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        int unused = call == 1 ? 2 : 1;
        List<TunnelEffect> effects = exchange.hear(new Fsq(
                List.of(new FailoverSessionState(31, call), new FailoverSessionState(77, unused)), List.of()));
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

    /** Our node dies after each event in turn; what it had said before is said again, and the recovery goes on. */
    @Test
    void crashOfOursInTheMiddleOfARecovery() {
        for (int crash = 0; crash < 4; crash++) {
            Exchange exchange = established(THEIRS);
            int kept = establishedCall(exchange, 31);
            int lost = establishedCall(exchange, 32);
            Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
            if (crash == 1) {
                crash(exchange);
                assertThat(exchange.effects)
                        .as("the same SCCRP again")
                        .anyMatch(effect -> said(List.of(effect)).contains(sccrp));
            }
            complete(exchange, sccrp);
            if (crash == 2) {
                exchange.effects.clear();
                crash(exchange);
                assertThat(said(exchange.effects)).anyMatch(Fsq.class::isInstance);
                assertThat(Exchange.sent(inRecovery(exchange, 1, 1, scccn(sccrp))))
                        .as("a repeated SCCCN is acknowledged, and taken once")
                        .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY && packet.nr() == 2);
            }
            exchange.acknowledge();
            exchange.acknowledge();
            exchange.hear(
                    new Fsr(List.of(new FailoverSessionState(31, kept), new FailoverSessionState(0, lost)), List.of()));
            if (crash == 3) {
                crash(exchange);
                exchange.acknowledge();
                exchange.acknowledge();
            }
            assertThat(exchange.state.sessionIds()).as("crash %d", crash).containsExactly(kept);
            inRecovery(exchange, 2, 1, new StopCcn(PEER_RECOVERY, ResultCode.of(1), List.of()));
            assertThat(exchange.recovered().recoveryTunnelId()).isZero();
            exchange.effects.clear();
            exchange.hear(Exchange.icrq(33));
            // After a restart the peer is given time to repeat what may be missing.
            exchange.runFor(Duration.ofSeconds(4));
            assertThat(said(exchange.effects)).as("crash %d", crash).anyMatch(Icrp.class::isInstance);
            assertThat(exchange.journal.stream().filter(TunnelEvent.TunnelRecovered.class::isInstance))
                    .hasSize(1);
        }
    }

    private static void crash(Exchange exchange) {
        assertSameAfterReplay(exchange);
        TunnelState replayed = exchange.recovered();
        TunnelState restored = TunnelSnapshot.of(replayed).restore();
        assertThat(TunnelSnapshot.of(restored)).isEqualTo(TunnelSnapshot.of(replayed));
        exchange.state = replayed;
        exchange.decide(new TunnelInput.Resume(null));
    }

    private static void assertSameAfterReplay(Exchange exchange) {
        TunnelState replayed = exchange.recovered();
        assertThat(replayed.sessionIds()).isEqualTo(exchange.state.sessionIds());
        assertThat(replayed.recoveryTunnelId()).isEqualTo(exchange.state.recoveryTunnelId());
        ControlConnection live = exchange.state.connection();
        ControlConnection told = replayed.connection();
        assertThat(told.peer()).isEqualTo(live.peer());
        assertThat(told.noted()).isEqualTo(live.noted());
        assertThat(told.channel().nextNs()).isEqualTo(live.channel().nextNs());
        RecoveryTunnel liveRecovery = live.recovery();
        RecoveryTunnel toldRecovery = told.recovery();
        if (liveRecovery != null && toldRecovery != null) {
            assertThat(toldRecovery.offer()).isEqualTo(liveRecovery.offer());
            assertThat(toldRecovery.phase()).isEqualTo(liveRecovery.phase());
            assertThat(toldRecovery.channel().nr()).isEqualTo(liveRecovery.channel().nr());
        }
    }

    /** What a failed attempt must leave as it was. */
    private record Numbers(int ns, int nr, Set<Integer> sessions) {
        static Numbers of(Exchange exchange) {
            return new Numbers(exchange.state.ns(), exchange.state.nr(), exchange.state.sessionIds());
        }
    }
}
