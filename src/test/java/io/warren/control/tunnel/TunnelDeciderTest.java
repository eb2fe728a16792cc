package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.OUR_TUNNEL;
import static io.warren.control.tunnel.Exchange.PATH;
import static io.warren.control.tunnel.Exchange.PEER_TUNNEL;
import static io.warren.control.tunnel.Exchange.cdn;
import static io.warren.control.tunnel.Exchange.dropped;
import static io.warren.control.tunnel.Exchange.iccn;
import static io.warren.control.tunnel.Exchange.icrq;
import static io.warren.control.tunnel.Exchange.said;
import static io.warren.control.tunnel.Exchange.sccrp;
import static io.warren.control.tunnel.Exchange.sccrq;
import static io.warren.control.tunnel.Exchange.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ChallengeResponse;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelDeciderTest {
    private static final Bytes CHALLENGE = Bytes.ofHex("00112233445566778899aabbccddeeff");
    private static final TunnelSecret SECRET = TunnelSecret.of("secret");

    @Test
    void pitfall06_repeatedSccrqGetsTheSameSccrpAndNoSecondTunnel() {
        Exchange exchange = Exchange.plain();
        List<ControlPacket> first = sent(exchange.hearSccrq(sccrq(null, null)));
        exchange.peerNs = 0;
        List<TunnelEffect> again = exchange.hearSccrq(sccrq(null, null));
        assertThat(said(again)).isEmpty();
        assertThat(sent(again)).hasSize(1);
        assertThat(sent(exchange.tickAfter(Duration.ofSeconds(1)))).isEqualTo(first);
        assertThat(exchange.journal).hasSize(1);
    }

    @Test
    void pitfall06_sccrqMustBeNumberedZero() {
        Exchange exchange = Exchange.plain();
        exchange.peerNs = 3;
        assertThat(dropped(exchange.hearSccrq(sccrq(null, null)))).containsExactly("sccrq-not-first");
        assertThat(exchange.state).isEqualTo(new TunnelState.Idle(OUR_TUNNEL));
    }

    @Test
    void pitfall06_peerThatRestartedWithItsOldIdEndsTheOldTunnel() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        ControlPacket sccrq = new ControlPacket(0, 0, 0, 0, sccrq(null, null));
        assertThat(exchange.decide(new TunnelInput.Received(PATH, sccrq)))
                .noneMatch(TunnelEffect.Stop.class::isInstance);
        exchange.now += Duration.ofSeconds(40).toNanos();
        assertThat(exchange.decide(new TunnelInput.Received(PATH, sccrq)))
                .contains(new TunnelEffect.EndCall(call, "peer-restarted"), new TunnelEffect.Stop());
    }

    @Test
    void pitfall07_anotherTunnelIdIsAnotherConversation() {
        Exchange one = Exchange.plain().establishedAsResponder();
        TunnelState other = TunnelDecider.decide(
                        new TunnelState.Idle(701),
                        new TunnelInput.Received(PATH, new ControlPacket(0, 0, 0, 0, sccrq(null, null))),
                        Exchange.PLAIN,
                        new Moment(0, Instant.EPOCH, new Random(1)))
                .state();
        assertThat(other.path()).isEqualTo(one.state.path());
        assertThat(other.tunnelId()).isNotEqualTo(one.state.tunnelId());
    }

    @Test
    void pitfall08_portIsLearnedUntilEstablishedAndPinnedThen() {
        Exchange exchange = Exchange.plain();
        exchange.hearSccrq(sccrq(null, null));
        List<TunnelEffect> effects = exchange.decide(new TunnelInput.Received(
                Exchange.path(50_000),
                new ControlPacket(OUR_TUNNEL, 0, exchange.peerNs++, exchange.peerNr, new Scccn(null, List.of()))));
        assertThat(effects)
                .filteredOn(TunnelEffect.Transmit.class::isInstance)
                .allMatch(effect -> ((TunnelEffect.Transmit) effect).path().equals(Exchange.path(50_000)))
                .isNotEmpty();
        assertThat(exchange.recovered().path()).isEqualTo(Exchange.path(50_000));
        assertThat(dropped(exchange.hear(Exchange.stopCcn()))).containsExactly("wrong-source");
        assertThat(exchange.state.name()).isEqualTo("established");
    }

    @Test
    void pitfall11_ourStopCcnAndCdnCarryOurOwnIds() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        ControlPacket cdn =
                sent(exchange.decide(new TunnelInput.Send(call, cdn(0)))).getFirst();
        assertThat(((Cdn) cdn.body()).assignedSessionId()).isEqualTo(call);
        assertThat(cdn.sessionId()).isEqualTo(31);
        exchange.acknowledge();
        ControlPacket stop = sent(exchange.decide(new TunnelInput.Close(ResultCode.of(1), "operator")))
                .getFirst();
        assertThat(((StopCcn) stop.body()).assignedTunnelId()).isEqualTo(OUR_TUNNEL);
        assertThat(stop.tunnelId()).isEqualTo(PEER_TUNNEL);
        assertThat(stop.sessionId()).isZero();
    }

    @Test
    void pitfall11_cdnWithHeaderSessionZeroFindsItsCallByTheAvp() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        int ns = exchange.peerNs;
        assertThat(exchange.hear(0, cdn(31))).contains(new TunnelEffect.Deliver(call, ns, cdn(31)));
        exchange.decide(new TunnelInput.Handled(ns));
        assertThat(exchange.state.callCount()).isZero();
    }

    @Test
    void pitfall11_stopCcnThatNamesOurIdIsTolerated() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.hear(new StopCcn(OUR_TUNNEL, ResultCode.of(1), List.of()));
        assertThat(exchange.state.name()).isEqualTo("closed");
    }

    @Test
    void pitfall11_stopCcnOfAnotherTunnelIsIgnored() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.hear(new StopCcn(4_444, ResultCode.of(1), List.of()));
        assertThat(exchange.state.name()).isEqualTo("established");
    }

    @Test
    void pitfall12_closedTunnelStaysForFullCycleToAcknowledgeRepetitions() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        assertThat(exchange.hear(Exchange.stopCcn())).contains(new TunnelEffect.EndCall(call, "peer"));
        exchange.now += Duration.ofSeconds(20).toNanos();
        exchange.peerNs--;
        assertThat(sent(exchange.hear(Exchange.stopCcn())))
                .singleElement()
                .satisfies(packet -> assertThat(packet.body()).isInstanceOf(ZeroLengthBody.class))
                .satisfies(packet -> assertThat(packet.nr()).isEqualTo(exchange.peerNs));
        exchange.effects.clear();
        exchange.runFor(Duration.ofSeconds(10));
        assertThat(exchange.effects).doesNotContain(new TunnelEffect.Stop());
        exchange.runFor(Duration.ofSeconds(2));
        assertThat(exchange.effects).contains(new TunnelEffect.Stop());
    }

    @Test
    void pitfall12_callsDieSilentlyWithTheTunnel() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        List<TunnelEffect> effects = exchange.decide(new TunnelInput.Close(ResultCode.of(6), "drain"));
        assertThat(effects).contains(new TunnelEffect.EndCall(call, "drain"));
        assertThat(said(effects)).hasSize(1).first().isInstanceOf(StopCcn.class);
    }

    @Test
    void pitfall13_unusableSessionMessageEndsItsCallOnly() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        int other = exchange.callFromPeer(32);
        List<TunnelEffect> effects = exchange.hear(call, new BadMessage(MessageType.ICCN, 0, 8, "AVP 99"));
        assertThat(said(effects)).containsExactly(new Cdn(new ResultCode(2, 8, "AVP 99"), call, null, null, List.of()));
        assertThat(effects).contains(new TunnelEffect.EndCall(call, "AVP 99"));
        assertThat(exchange.state.sessionIds()).containsExactly(other);
    }

    @Test
    void pitfall16_bothDirectionsAreAuthenticatedIndependently() {
        Exchange exchange = new Exchange(Exchange.settings("secret", false, 10, 10));
        Sccrp sccrp = (Sccrp) said(exchange.hearSccrq(sccrq(CHALLENGE, null))).getFirst();
        assertThat(sccrp.challengeResponse())
                .isEqualTo(ChallengeResponse.compute(MessageType.SCCRP, SECRET, CHALLENGE));
        Bytes theirs = sccrp.challenge();
        assertThat(theirs).isNotNull();
        exchange.hear(new Scccn(
                ChallengeResponse.compute(MessageType.SCCCN, SECRET, theirs == null ? Bytes.EMPTY : theirs),
                List.of()));
        assertThat(exchange.state.name()).isEqualTo("established");
    }

    @Test
    void pitfall16_initiatorChecksAndAnswers() {
        Exchange exchange = new Exchange(Exchange.settings("secret", false, 10, 10));
        Sccrq sccrq = (Sccrq) said(exchange.decide(new TunnelInput.Open(PATH))).getFirst();
        Bytes ours = sccrq.challenge() == null ? Bytes.EMPTY : sccrq.challenge();
        Bytes response = ChallengeResponse.compute(MessageType.SCCRP, SECRET, ours);
        assertThat(said(exchange.hear(sccrp(CHALLENGE, response))))
                .containsExactly(new Scccn(ChallengeResponse.compute(MessageType.SCCCN, SECRET, CHALLENGE), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"SCCRP, secret", "SCCCN, other", "SCCCN, ''"})
    void pitfall16_wrongOrMissingResponseIsStopCcn4(MessageType carrier, String secret) {
        Exchange exchange = new Exchange(Exchange.settings("secret", false, 10, 10));
        Sccrp sccrp = (Sccrp) said(exchange.hearSccrq(sccrq(null, null))).getFirst();
        Bytes challenge = sccrp.challenge() == null ? Bytes.EMPTY : sccrp.challenge();
        Bytes response =
                secret.isEmpty() ? null : ChallengeResponse.compute(carrier, TunnelSecret.of(secret), challenge);
        exchange.acknowledge();
        StopCcn stop =
                (StopCcn) said(exchange.hear(new Scccn(response, List.of()))).getFirst();
        assertThat(stop.result().code()).isEqualTo(4);
        assertThat(exchange.state.name()).isEqualTo("closed");
    }

    @Test
    void challengeThatCannotBeAnsweredIsStopCcn4AndLeavesNoState() {
        Exchange exchange = Exchange.plain();
        List<TunnelEffect> effects = exchange.hearSccrq(sccrq(CHALLENGE, null));
        assertThat(((StopCcn) said(effects).getFirst()).result().code()).isEqualTo(4);
        assertThat(effects).contains(new TunnelEffect.Stop());
        assertThat(exchange.journal).isEmpty();
    }

    @Test
    void otherProtocolVersionIsStopCcn5WithTheHighestSupported() {
        Exchange exchange = Exchange.plain();
        Sccrq newer = new Sccrq(0x0200, "lac", 3, PEER_TUNNEL, null, 8, null, null, null, null, null, null, List.of());
        StopCcn stop = (StopCcn) said(exchange.hearSccrq(newer)).getFirst();
        assertThat(stop.result().code()).isEqualTo(5);
        assertThat(stop.result().errorCode()).isEqualTo(0x0100);
    }

    @Test
    void pitfall18_missingReceiveWindowMeansFourAndZeroIsRefused() {
        Exchange exchange = Exchange.plain();
        exchange.hearSccrq(
                new Sccrq(0x0100, "lac", 3, PEER_TUNNEL, null, null, null, null, null, null, null, null, List.of()));
        assertThat(exchange.journal.getFirst())
                .isInstanceOfSatisfying(
                        TunnelEvent.TunnelOffered.class,
                        offered -> assertThat(offered.peerReceiveWindow()).isEqualTo(4));
        StopCcn stop = (StopCcn) said(Exchange.plain()
                        .hearSccrq(new Sccrq(
                                0x0100, "lac", 3, PEER_TUNNEL, null, 0, null, null, null, null, null, null, List.of())))
                .getFirst();
        assertThat(stop.result()).isEqualTo(ResultCode.error(3, "Receive Window Size is 0"));
    }

    @Test
    void pitfall19_helloOnlyAfterSilenceAndNeverTwiceUnacknowledged() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.acknowledge();
        exchange.effects.clear();
        exchange.runFor(Duration.ofSeconds(40));
        exchange.decide(new TunnelInput.DataSeen());
        exchange.runFor(Duration.ofSeconds(59));
        assertThat(said(exchange.effects)).isEmpty();
        exchange.runFor(Duration.ofSeconds(3));
        List<ControlPacket> hellos = sent(exchange.effects);
        assertThat(hellos).allMatch(packet -> packet.body() instanceof Hello && packet.sessionId() == 0);
        assertThat(hellos.stream().map(ControlPacket::ns).distinct()).hasSize(1);
        assertThat(exchange.journal).hasSize(2);
    }

    @Test
    void pitfall19_unacknowledgedHelloKillsUnlessTolerated() {
        Exchange strict = Exchange.plain().establishedAsResponder();
        strict.acknowledge();
        strict.runFor(Duration.ofSeconds(60 + 32));
        assertThat(strict.state.name()).isEqualTo("closed");
        assertThat(strict.effects).contains(new TunnelEffect.Stop());
        Exchange tolerant = new Exchange(Exchange.settings(null, true, 10, 10)).establishedAsResponder();
        tolerant.acknowledge();
        tolerant.runFor(Duration.ofHours(1));
        assertThat(tolerant.state.name()).isEqualTo("established");
    }

    @Test
    void pitfall20_messageAfterCdnIsAcknowledgedAndDropped() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        int ns = exchange.peerNs;
        exchange.hear(call, cdn(31));
        exchange.decide(new TunnelInput.Handled(ns));
        List<TunnelEffect> effects = exchange.hear(call, Exchange.sli());
        assertThat(dropped(effects)).containsExactly("unknown-session");
        assertThat(sent(effects)).singleElement().matches(packet -> packet.nr() == exchange.peerNs);
    }

    @ParameterizedTest
    @CsvSource({"2, 50", "50, 2"})
    void pitfall25_overTheLimitIsCdn4ToThePeersId(int maxSessions, int maxInSetup) {
        Exchange exchange = new Exchange(Exchange.settings(null, false, maxSessions, maxInSetup));
        exchange.establishedAsResponder();
        exchange.callFromPeer(31);
        exchange.callFromPeer(32);
        exchange.acknowledge();
        List<TunnelEffect> effects = exchange.hear(icrq(33));
        ControlPacket refusal = sent(effects).getFirst();
        assertThat(refusal.sessionId()).isEqualTo(33);
        assertThat(((Cdn) refusal.body()).result().code()).isEqualTo(4);
        assertThat(((Cdn) refusal.body()).assignedSessionId()).isNotZero();
        assertThat(exchange.state.callCount()).isEqualTo(2);
    }

    @Test
    void pitfall25_iccnFreesTheSetupSlot() {
        Exchange exchange = new Exchange(Exchange.settings(null, false, 10, 1)).establishedAsResponder();
        int call = exchange.callFromPeer(31);
        int ns = exchange.peerNs;
        exchange.hear(call, iccn());
        exchange.decide(new TunnelInput.Handled(ns));
        assertThat(said(exchange.hear(icrq(32)))).first().isInstanceOf(Icrp.class);
    }

    @Test
    void pitfall28_outgoingCallsAreRefusedAsPermanentlyUnsupported() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.acknowledge();
        ControlPacket cdn = sent(exchange.hear(new ControlMessage.Ocrq(77, 1, 0, 0, 0, 0, "1", null, List.of())))
                .getFirst();
        assertThat(cdn.sessionId()).isEqualTo(77);
        assertThat(((Cdn) cdn.body()).result().code()).isEqualTo(5);
    }

    @Test
    void secondIcrqUnderLiveSessionIdEndsTheCall() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        exchange.acknowledge();
        List<TunnelEffect> effects = exchange.hear(icrq(31));
        assertThat(said(effects)).singleElement().isInstanceOf(Cdn.class);
        assertThat(effects).anyMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == call);
        assertThat(exchange.state.callCount()).isZero();
    }

    @Test
    void messageIsAcknowledgedWhenItsSessionHasJournalledIt() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        CallOffer offer = Exchange.startedCall(exchange.hear(icrq(31)));
        int call = offer.key().sessionId();
        int ns = exchange.peerNs;
        assertThat(sent(exchange.hear(call, iccn()))).isEmpty();
        exchange.peerNs--;
        assertThat(exchange.hear(call, iccn()))
                .as("the session may have lost the call, too")
                .containsSequence(new TunnelEffect.StartCall(offer), new TunnelEffect.Deliver(call, ns, iccn()));
        assertThat(sent(exchange.decide(new TunnelInput.Handled(ns))))
                .singleElement()
                .matches(p -> p.nr() == ns + 1);
    }

    /** A session that is over would answer the offer with a CDN, and the peer may use its session id again. */
    @Test
    void aCdnThatComesAgainIsDeliveredWithoutTheCall() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        int call = exchange.callFromPeer(31);
        int ns = exchange.peerNs;
        exchange.hear(call, cdn(31));
        exchange.peerNs--;
        assertThat(exchange.hear(call, cdn(31)))
                .contains(new TunnelEffect.Deliver(call, ns, cdn(31)))
                .noneMatch(TunnelEffect.StartCall.class::isInstance);
    }

    @Test
    void initiatorPlacesCallsThatWaitedForTheTunnel() {
        Exchange exchange = Exchange.plain();
        exchange.decide(new TunnelInput.Open(PATH));
        assertThat(said(exchange.decide(new TunnelInput.PlaceCall(55, 1, null, "42"))))
                .isEmpty();
        List<TunnelEffect> effects = exchange.hear(sccrp(null, null));
        assertThat(Exchange.startedCall(effects).initiator()).isTrue();
        assertThat(said(effects)).hasSize(2).last().isInstanceOf(ControlMessage.Icrq.class);
        exchange.acknowledge();
        int ns = exchange.peerNs;
        exchange.hear(55, new Icrp(91, List.of()));
        List<ControlPacket> sent = sent(exchange.decide(new TunnelInput.Send(55, iccn())));
        exchange.decide(new TunnelInput.Handled(ns));
        assertThat(sent.getFirst().sessionId()).isEqualTo(91);
        CallOffer recovered = exchange.recovered().call(55);
        assertThat(recovered).isNotNull();
        assertThat(recovered == null ? 0 : recovered.peerSessionId()).isEqualTo(91);
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000000001, 0000000000000002, OURS",
        "ff00000000000000, 0100000000000000, THEIRS",
        "0000000000000001, 0000000000000001, NEITHER",
        "0000000000000001, , OURS",
        ", 0000000000000001, THEIRS",
        ", , BOTH"
    })
    void tieBreakerLowerValueWins(@Nullable String ours, @Nullable String theirs, TieBreak expected) {
        assertThat(TieBreak.decide(
                        ours == null ? null : Bytes.ofHex(ours), theirs == null ? null : Bytes.ofHex(theirs)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0000000000000000, closed", "ffffffffffffffff, wait-ctl-reply", ", wait-ctl-reply"})
    void crossedSccrqLosesSilentlyOrIsDiscarded(@Nullable String theirs, String expected) {
        Exchange exchange = Exchange.plain();
        exchange.decide(new TunnelInput.Open(PATH));
        Bytes tieBreaker = theirs == null ? null : Bytes.ofHex(theirs);
        List<TunnelEffect> effects =
                exchange.decide(new TunnelInput.Received(PATH, new ControlPacket(0, 0, 0, 0, sccrq(null, tieBreaker))));
        assertThat(sent(effects)).isEmpty();
        assertThat(exchange.state.name()).isEqualTo(expected);
    }

    @Test
    void closedTunnelBeginsAnewWithTheNextSccrq() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.hear(Exchange.stopCcn());
        exchange.peerNs = 0;
        exchange.peerNr = 0;
        exchange.hearSccrq(sccrq(null, null));
        exchange.hear(new Scccn(null, List.of()));
        assertThat(exchange.state.name()).isEqualTo("established");
        assertThat(exchange.state.ns()).isEqualTo(1);
    }

    @Test
    void tunnelThatIsNotEstablishedInTimeIsStopped() {
        Exchange exchange = Exchange.plain();
        exchange.hearSccrq(sccrq(null, null));
        exchange.acknowledge();
        exchange.runFor(Duration.ofSeconds(21));
        assertThat(said(exchange.effects).getLast()).isInstanceOf(StopCcn.class);
    }

    @Test
    void longDriftWithoutEventsIsNoted() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.acknowledge();
        for (int i = 0; i < 20_000; i++) {
            exchange.hear(new Hello());
        }
        assertThat(exchange.journal.stream().filter(TunnelEvent.NumbersNoted.class::isInstance))
                .hasSize(2);
    }

    /** Refused early, and those that are there already are not disturbed. */
    @Test
    void aNodeWithTooMuchToDoTakesNoFurtherCall() {
        Exchange exchange = new Exchange(Exchange.PLAIN.refusingCalls()).establishedAsResponder();

        List<TunnelEffect> effects = exchange.hear(icrq(31));

        assertThat(said(effects))
                .singleElement()
                .isInstanceOfSatisfying(
                        Cdn.class, cdn -> assertThat(cdn.result().code()).isEqualTo(4));
        assertThat(dropped(effects)).containsExactly("call refused: too much to do");
        assertThat(effects).noneMatch(TunnelEffect.StartCall.class::isInstance);
    }
}
