package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.ASSIGNED;
import static io.warren.control.session.CallEndUnderTest.DNS;
import static io.warren.control.session.CallEndUnderTest.GATEWAY;
import static io.warren.control.session.CallEndUnderTest.USER;
import static io.warren.control.session.CallEndUnderTest.only;
import static io.warren.control.session.CallEndUnderTest.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.Credentials;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole calls between our LAC end and our LNS end, in memory, on a virtual clock. */
class SessionCallTest {
    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void aCallComesUp(AuthenticationMethod method) {
        TwoEnds ends = new TwoEnds(method);
        ends.dialUntilUp();
        assertThat(ends.lns.journal)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Connected", "NetworkUp");
        assertThat(SessionDecider.forwardingEntry(ends.lns.state))
                .extracting(ForwardingEntry::address, ForwardingEntry::peerSessionId, ForwardingEntry::peerTunnelId)
                .containsExactly(ASSIGNED, 90, 70);
        assertThat(SessionDecider.forwardingEntry(ends.lac.state))
                .extracting(ForwardingEntry::address, ForwardingEntry::peerSessionId)
                .containsExactly(ASSIGNED, 9);
        SessionView view = SessionView.of(ends.lns.state);
        assertThat(view.user()).isEqualTo(USER);
        assertThat(view.pppPhase()).isEqualTo("open");
        assertThat(view.address()).isEqualTo(ASSIGNED);
        assertThat(view.peerMru()).isEqualTo(1400);
        SessionEvent.NetworkUp up = (SessionEvent.NetworkUp) ends.lac.journal.getLast();
        assertThat(up.user()).isEqualTo(USER);
        assertThat(up.link().peerAddress()).isEqualTo(GATEWAY);
        assertThat(up.link().dns()).containsExactly(DNS);
    }

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void aWrongPasswordEndsTheCallAndThePeerLearnsNoMore(AuthenticationMethod method) {
        TwoEnds ends = new TwoEnds(method);
        ends.password("other");
        ends.dial();
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.journal).hasSize(2);
        assertThat(ends.lns.closed().reason()).startsWith("authentication failed: wrong password");
        assertThat(only(SessionEffect.Install.class, ends.lns.effects)).isEmpty();
        assertThat(sent(ends.lns.effects).toString()).doesNotContain("wrong password");
    }

    @Test
    void authenticationFailureIsCdn3WithCause16AndItsReasonIsOursAlone() {
        CallEndUnderTest lns = authenticating();
        AccessRequest request = request(lns);
        lns.on(new SessionInput.AccessDecided(request, new AccessDecision.Denied("unknown user", false)));
        while (!(lns.state instanceof SessionState.Closed)) {
            lns.tick();
        }
        ControlMessage.Cdn cdn = (ControlMessage.Cdn) sent(lns.effects).getLast();
        assertThat(cdn.result()).isEqualTo(new ResultCode(3, 0, "authentication failed"));
        assertThat(cdn.disconnectCause()).isNotNull().satisfies(cause -> {
            assertThat(cause.code()).isEqualTo(16);
            assertThat(cause.controlProtocol()).isEqualTo(0xc023);
            assertThat(cause.direction()).isEqualTo(1);
        });
        assertThat(cdn.toString()).doesNotContain("unknown user");
        assertThat(lns.closed().reason()).isEqualTo("authentication failed: unknown user");
    }

    @Test
    void pitfall25_overTheLimitThePeerGetsCdn4() {
        CallEndUnderTest lns = authenticating();
        lns.on(new SessionInput.AccessDecided(
                request(lns), new AccessDecision.Denied("no free address in pool default", true)));
        while (!(lns.state instanceof SessionState.Closed)) {
            lns.tick();
        }
        ControlMessage.Cdn cdn = (ControlMessage.Cdn) sent(lns.effects).getLast();
        assertThat(cdn.result().code()).isEqualTo(4);
        assertThat(cdn.toString()).doesNotContain("pool");
        assertThat(lns.closed().reason()).isEqualTo("no free address in pool default");
    }

    @Test
    void aLateGrantLetsNobodyInAndItsAddressIsGivenBack() {
        CallEndUnderTest lns = authenticating();
        AccessRequest old = request(lns);
        AccessRequest other = new AccessRequest(old.call(), new Credentials.Pap("mallory", Bytes.EMPTY));
        List<SessionEffect> effects = lns.on(new SessionInput.AccessDecided(other, CallEndUnderTest.GRANTED));
        assertThat(effects).contains(new SessionEffect.ReleaseAddress(ASSIGNED));
        assertThat(only(SessionEffect.SendFrame.class, effects)).isEmpty();
        lns.on(new SessionInput.TunnelDown("gone"));
        assertThat(lns.on(new SessionInput.AccessDecided(old, CallEndUnderTest.GRANTED)))
                .contains(new SessionEffect.ReleaseAddress(ASSIGNED));
    }

    @Test
    void aWishedAddressThatIsFreeReplacesTheAssignedOne() {
        TwoEnds ends = TwoEnds.wishing(0x0a000063, true);
        ends.dialUntilUp();
        assertThat(ends.lns.effects)
                .contains(new SessionEffect.LeaseAddress(0x0a000063), new SessionEffect.ReleaseAddress(ASSIGNED))
                .doesNotContain(new SessionEffect.ReleaseAddress(0x0a000063));
        assertThat(SessionDecider.leasedAddress(ends.lns.state)).hasValue(0x0a000063);
        assertThat(SessionDecider.forwardingEntry(ends.lns.state))
                .extracting(ForwardingEntry::address)
                .isEqualTo(0x0a000063);
        ends.give(ends.lns, new SessionInput.TunnelDown("gone"));
        assertThat(ends.lns.effects).contains(new SessionEffect.ReleaseAddress(0x0a000063));
    }

    @Test
    void aWishedAddressThatIsTakenIsNotGranted() {
        TwoEnds ends = TwoEnds.wishing(0x0a000063, false);
        ends.dialUntilUp();
        assertThat(SessionDecider.leasedAddress(ends.lns.state)).hasValue(ASSIGNED);
        assertThat(only(SessionEffect.ReleaseAddress.class, ends.lns.effects)).isEmpty();
    }

    @Test
    void installComesBeforeTheFramesOfItsStep() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        int install = ends.lns.effects.indexOf(
                only(SessionEffect.Install.class, ends.lns.effects).getFirst());
        assertThat(ends.lns.effects.subList(install + 1, ends.lns.effects.size()))
                .hasAtLeastOneElementOfType(SessionEffect.SendFrame.class);
    }

    @Test
    void pitfall21_anUncompressedAddressFieldIsTakenAtAnyTime() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        List<SessionEffect> withFields =
                ends.lns.on(new SessionInput.Frame(TwoEnds.hex("ff03c021 0907 0008 00000000")));
        List<SessionEffect> without = ends.lns.on(new SessionInput.Frame(TwoEnds.hex("c021 0908 0008 00000000")));
        assertThat(only(SessionEffect.SendFrame.class, withFields)).hasSize(1);
        assertThat(only(SessionEffect.SendFrame.class, without)).hasSize(1);
    }

    @Test
    void pitfall24_afterTerminateRequestThePeersCdnIsAwaited() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lns.counters = new SessionCounters(10, 1000, 20, 2000, 1);
        ends.lacIsDeaf = true;
        ends.give(ends.lns, new SessionInput.Frame(TwoEnds.hex("ff03c021 05070004")));
        assertThat(ends.lns.state).isInstanceOf(SessionState.Established.class);
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNull();
        assertThat(ends.lns.effects).contains(new SessionEffect.Uninstall());
        ends.give(
                ends.lns,
                new SessionInput.Control(77, new ControlMessage.Cdn(ResultCode.of(3), 90, null, null, List.of())));
        assertThat(sent(ends.lns.effects)).isEmpty();
        assertThat(ends.lns.closed().by()).isEqualTo("peer");
        assertThat(ends.lns.closed().counters()).isEqualTo(new SessionCounters(10, 1000, 20, 2000, 1));
        assertThat(ends.lns.effects).contains(new SessionEffect.ReleaseAddress(ASSIGNED));
    }

    @Test
    void pitfall24_aPeerThatSendsNoCdnGetsOurs() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lacIsDeaf = true;
        ends.give(ends.lns, new SessionInput.Frame(TwoEnds.hex("ff03c021 05070004")));
        while (!(ends.lns.state instanceof SessionState.Closed)) {
            ends.lns.tick();
        }
        ControlMessage.Cdn cdn = CallEndUnderTest.cdn(ends.lns.effects);
        assertThat(cdn.result().code()).isEqualTo(3);
        assertThat(cdn.disconnectCause()).isNotNull().satisfies(cause -> {
            assertThat(cause.code()).isEqualTo(3);
            assertThat(cause.direction()).isEqualTo(1);
        });
        assertThat(ends.lns.closed().by()).isEqualTo("peer");
    }

    @Test
    void anOperatorsCloseTerminatesLcpAndThenTheCall() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.give(ends.lns, new SessionInput.Close(ResultCode.of(3), "operator", "maintenance"));
        ends.run(
                both -> both.lns.state instanceof SessionState.Closed && both.lac.state instanceof SessionState.Closed);
        assertThat(ends.lns.closed().by()).isEqualTo("operator");
        assertThat(ends.lac.closed().by()).isEqualTo("peer");
        assertThat(ends.lns.effects)
                .contains(
                        new SessionEffect.Uninstall(),
                        new SessionEffect.ReleaseAddress(ASSIGNED),
                        new SessionEffect.Stop());
    }

    @Test
    void anOperatorsCloseDoesNotWaitForEver() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lacIsDeaf = true;
        long before = ends.lns.now;
        ends.give(ends.lns, new SessionInput.Close(ResultCode.of(3), "operator", "maintenance"));
        while (!(ends.lns.state instanceof SessionState.Closed)) {
            ends.lns.tick();
        }
        assertThat(ends.lns.now - before).isLessThanOrEqualTo(6_000_000_000L);
    }

    @Test
    void aSilentPeerIsLossOfCarrier() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lacIsDeaf = true;
        while (!(ends.lns.state instanceof SessionState.Closed)) {
            ends.lns.tick();
        }
        ControlMessage.Cdn cdn = CallEndUnderTest.cdn(ends.lns.effects);
        assertThat(cdn.result().code()).isEqualTo(1);
        assertThat(cdn.disconnectCause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.code()).isEqualTo(8));
    }

    @Test
    void forwardedTrafficKeepsASilentLinkAlive() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lacIsDeaf = true;
        for (int i = 1; i <= 100; i++) {
            ends.lns.counters = new SessionCounters(i, i, 0, 0, 0);
            ends.lns.tick();
        }
        assertThat(ends.lns.state).isInstanceOf(SessionState.Established.class);
    }

    @Test
    void aPeerThatSpeaksNoPppIsToldSo() {
        CallEndUnderTest lns = CallEndUnderTest.lns(AuthenticationMethod.PAP);
        lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        lns.on(new SessionInput.Control(1, CallEndUnderTest.iccn()));
        while (!(lns.state instanceof SessionState.Closed)) {
            lns.tick();
        }
        assertThat(CallEndUnderTest.cdn(lns.effects).result().code()).isIn(10, 11);
        assertThat(CallEndUnderTest.cdn(lns.effects).disconnectCause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.code()).isEqualTo(6));
    }

    @Test
    void recoveryBeforeIccnStartsFromTheOffer() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.give(ends.lns, new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        ends.lns.restart();
        assertThat(ends.lns.on(new SessionInput.Resume())).isEmpty();
        ends.dialUntilUp();
    }

    @Test
    void recoveryAfterConnectedStartsLcpAfresh() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.CHAP_MD5);
        ends.dial();
        ends.lns.journal.removeIf(event -> !(event instanceof SessionEvent.Connected));
        ends.lns.restart();
        ends.lac.now = ends.lns.now;
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNull();
        assertThat(SessionDecider.leasedAddress(ends.lns.state)).isEmpty();
        ends.give(ends.lns, new SessionInput.Resume());
        ends.run(both -> SessionDecider.forwardingEntry(both.lns.state) != null
                && SessionDecider.forwardingEntry(both.lac.state) != null);
    }

    @Test
    void recoveryAfterNetworkUpGoesOnWithoutAWordToThePeer() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.MSCHAP_V2);
        ends.dialUntilUp();
        ForwardingEntry before = SessionDecider.forwardingEntry(ends.lns.state);
        ends.lns.restart();
        assertThat(SessionDecider.forwardingEntry(ends.lns.state))
                .as("for the bulk restore")
                .isEqualTo(before);
        assertThat(SessionDecider.leasedAddress(ends.lns.state)).hasValue(ASSIGNED);
        assertThat(SessionView.of(ends.lns.state).pppPhase()).isEqualTo("open");
        assertThat(ends.lns.on(new SessionInput.Resume()))
                .containsExactly(new SessionEffect.Install(Objects.requireNonNull(before)));
        assertThat(ends.lns.on(new SessionInput.Resume())).isEmpty();
        List<SessionEffect> echo = ends.lns.on(new SessionInput.Frame(TwoEnds.hex("ff03c021 09070008 00000000")));
        assertThat(only(SessionEffect.SendFrame.class, echo)).hasSize(1);
        ends.give(ends.lns, new SessionInput.Close(ResultCode.of(3), "operator", "done"));
        assertThat(ends.lns.effects).contains(new SessionEffect.Uninstall());
    }

    @Test
    void aCallThatIsWokenInVainUninstallsItsEntryAndStops() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        assertThat(ends.lns.on(new SessionInput.Tick()))
                .containsExactly(new SessionEffect.Uninstall(), new SessionEffect.Stop());
        ends.dialUntilUp();
        ends.give(ends.lns, new SessionInput.TunnelDown("StopCCN"));
        ends.lns.restart();
        ends.lns.on(new SessionInput.Resume());
        assertThat(ends.lns.on(new SessionInput.Tick()))
                .containsExactly(new SessionEffect.Uninstall(), new SessionEffect.Stop());
    }

    @Test
    void recoveryAfterClosedStaysClosed() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.give(ends.lns, new SessionInput.TunnelDown("StopCCN"));
        ends.lns.restart();
        // A bulk read of the journal that was behind may have put an entry back.
        assertThat(ends.lns.on(new SessionInput.Resume())).containsExactly(new SessionEffect.Uninstall());
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNull();
        assertThat(ends.lns.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(ends.lns.on(new SessionInput.Control(8, new ControlMessage.Sli(0, 0, List.of()))))
                .containsExactly(new SessionEffect.Confirm(8), new SessionEffect.Stop());
    }

    @Test
    void pitfall30_aRenegotiationKeepsTheStartAndTheCounters() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        var since = SessionView.of(ends.lns.state).upSince();
        ends.lns.counters = new SessionCounters(1, 2, 3, 4, 5);
        List<SessionEffect> down = ends.lns.on(new SessionInput.Frame(TwoEnds.hex("ff03c021 0133000a 0506 12345678")));
        assertThat(down).contains(new SessionEffect.Uninstall());
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNull();
        assertThat(SessionView.of(ends.lns.state).upSince()).isEqualTo(since);
        ends.lns.on(new SessionInput.TunnelDown("gone"));
        assertThat(ends.lns.closed().counters()).isEqualTo(new SessionCounters(1, 2, 3, 4, 5));
    }

    /** One call is accounted for once, under one name. */
    @Test
    void nobodyElseIsLetInOnACallThatIsSomebodysAlready() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.accessIsSlow = true;
        int asked = only(SessionEffect.RequestAccess.class, ends.lns.effects).size();
        ends.give(ends.lns, new SessionInput.Frame(TwoEnds.hex("ff03c021 0133000a 0506 12345678")));
        ends.run(both ->
                only(SessionEffect.RequestAccess.class, both.lns.effects).size() > asked);
        AccessRequest request = only(SessionEffect.RequestAccess.class, ends.lns.effects)
                .getLast()
                .request();
        int other = ASSIGNED + 1;
        assertThat(ends.lns.on(new SessionInput.AccessDecided(
                        request,
                        new AccessDecision.Granted("bob", other, List.of(), List.of(), TrafficLimits.NONE, null))))
                .contains(new SessionEffect.ReleaseAddress(other));
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.journal)
                .noneMatch(event ->
                        event instanceof SessionEvent.NetworkUp up && up.user().equals("bob"));
    }

    /** Else another call could get it, and after a restart both would have it. */
    @Test
    void theAddressInTheJournalIsNotGivenBackBeforeTheJournalHasAnother() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.accessIsSlow = true;
        int asked = only(SessionEffect.RequestAccess.class, ends.lns.effects).size();
        ends.give(ends.lns, new SessionInput.Frame(TwoEnds.hex("ff03c021 0133000a 0506 12345678")));
        ends.run(both ->
                only(SessionEffect.RequestAccess.class, both.lns.effects).size() > asked);
        AccessRequest request = only(SessionEffect.RequestAccess.class, ends.lns.effects)
                .getLast()
                .request();
        int other = ASSIGNED + 1;
        AccessDecision granted = new AccessDecision.Granted(
                CallEndUnderTest.USER, other, List.of(), List.of(), TrafficLimits.NONE, null);
        assertThat(only(
                        SessionEffect.ReleaseAddress.class,
                        ends.lns.on(new SessionInput.AccessDecided(request, granted))))
                .isEmpty();
        assertThat(only(SessionEffect.ReleaseAddress.class, ends.lns.on(new SessionInput.TunnelDown("gone"))))
                .containsExactlyInAnyOrder(
                        new SessionEffect.ReleaseAddress(ASSIGNED), new SessionEffect.ReleaseAddress(other));
    }

    @Test
    void garbageNeitherThrowsNorEndsTheCall() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            byte[] garbage = new byte[random.nextInt(40)];
            random.nextBytes(garbage);
            ends.lns.on(new SessionInput.Frame(Bytes.of(garbage)));
        }
        assertThat(ends.lns.state).isInstanceOf(SessionState.Established.class);
    }

    private static CallEndUnderTest authenticating() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.accessIsSlow = true;
        ends.dial();
        ends.run(both ->
                !only(SessionEffect.RequestAccess.class, both.lns.effects).isEmpty());
        ends.lacIsDeaf = true;
        return ends.lns;
    }

    private static AccessRequest request(CallEndUnderTest lns) {
        return only(SessionEffect.RequestAccess.class, lns.effects).getLast().request();
    }
}
