package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.cdn;
import static io.warren.control.session.CallEndUnderTest.iccn;
import static io.warren.control.session.CallEndUnderTest.offer;
import static io.warren.control.session.CallEndUnderTest.only;
import static io.warren.control.session.CallEndUnderTest.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.ppp.AuthenticationMethod;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 2661 §7.4.1 and §7.4.2: every state and every message, at both ends. */
class SessionTableTest {
    private static final Map<String, ControlMessage> MESSAGES = Map.of(
            "ICRQ",
            new ControlMessage.Icrq(1, 1, null, null, null, null, null, AccessLine.NONE, List.of()),
            "ICRP",
            new ControlMessage.Icrp(90, List.of()),
            "ICCN",
            iccn(),
            "CDN",
            new ControlMessage.Cdn(ResultCode.of(1), 90, null, null, List.of()),
            "WEN",
            new ControlMessage.Wen(1, 0, 0, 0, 0, 0, List.of()),
            "SLI",
            new ControlMessage.Sli(0, 0, List.of()),
            "CSUN",
            new ControlMessage.Csun(List.of(), List.of()),
            "CSURQ",
            new ControlMessage.Csurq(List.of(), List.of()),
            "OCRQ",
            new ControlMessage.Ocrq(1, 1, 1, 1, 1, 1, "5", null, List.of()),
            "OCCN",
            new ControlMessage.Occn(1, 1, null, false, List.of()));

    /** Outcome: the state after it, and what we send. */
    @ParameterizedTest(name = "{0}: {1}, {2} -> {3}, {4}")
    @CsvSource({
        "LNS, idle, ICRP, idle, -",
        "LNS, idle, ICCN, idle, -",
        "LNS, idle, CDN, idle, -",
        "LNS, idle, WEN, idle, -",
        "LNS, wait-connect, ICCN, established, -",
        "LNS, wait-connect, ICRQ, closed, CDN",
        "LNS, wait-connect, ICRP, closed, CDN",
        "LNS, wait-connect, OCRQ, closed, CDN",
        "LNS, wait-connect, OCCN, closed, CDN",
        "LNS, wait-connect, CDN, closed, -",
        "LNS, wait-connect, WEN, wait-connect, -",
        "LNS, wait-connect, SLI, wait-connect, -",
        "LNS, wait-connect, CSUN, wait-connect, -",
        "LNS, wait-connect, CSURQ, wait-connect, -",
        "LNS, established, ICRQ, closed, CDN",
        "LNS, established, ICRP, closed, CDN",
        "LNS, established, ICCN, closed, CDN",
        "LNS, established, OCRQ, closed, CDN",
        "LNS, established, OCCN, closed, CDN",
        "LNS, established, CDN, closed, -",
        "LNS, established, WEN, established, -",
        "LNS, established, SLI, established, -",
        "LNS, established, CSUN, established, -",
        "LNS, established, CSURQ, established, -",
        "LNS, closed, ICRP, closed, -",
        "LNS, closed, ICCN, closed, -",
        "LNS, closed, CDN, closed, -",
        "LNS, closed, WEN, closed, -",
        "LAC, idle, ICCN, idle, -",
        "LAC, idle, CDN, idle, -",
        "LAC, wait-reply, ICRP, established, ICCN",
        "LAC, wait-reply, ICRQ, closed, CDN",
        "LAC, wait-reply, ICCN, closed, CDN",
        "LAC, wait-reply, CDN, closed, -",
        "LAC, wait-reply, WEN, wait-reply, -",
        "LAC, established, ICRQ, closed, CDN",
        "LAC, established, ICRP, closed, CDN",
        "LAC, established, ICCN, closed, CDN",
        "LAC, established, CDN, closed, -",
        "LAC, established, SLI, established, -",
        "LAC, closed, ICRP, closed, -",
        "LAC, closed, CDN, closed, -",
    })
    void table(String end, String state, String message, String after, String sent) {
        CallEndUnderTest call = in(end, state);
        List<SessionEffect> effects = call.on(control(50, message));
        assertThat(SessionView.of(call.state).state()).isEqualTo(after);
        assertThat(sent(effects).stream().map(said -> said.type().name()))
                .isEqualTo(sent.equals("-") ? List.of() : List.of(sent));
        if (sent.equals("CDN")) {
            assertThat(cdn(effects).result().code()).isEqualTo(2);
            assertThat(cdn(effects).result().errorCode()).isEqualTo(CdnResult.SESSION_ID_INVALID_HERE);
        }
        if (after.equals("closed") || after.equals("idle")) {
            assertThat(effects.getLast()).isEqualTo(new SessionEffect.Stop());
        }
    }

    /** Its offer was lost when the session moved, before anything was written down; the tunnel tells it again. */
    @ParameterizedTest
    @CsvSource({"LNS, ICCN", "LAC, ICRP"})
    void whatConnectsACallIsNotConfirmedBeforeTheCallIsKnown(String end, String connects) {
        for (String without : List.of("idle", "closed")) {
            CallEndUnderTest call = in(end, without);
            SessionInput message = control(50, connects);
            assertThat(call.on(message)).doesNotContain(new SessionEffect.Confirm(50));

            call.on(new SessionInput.Offered(offer(end.equals("LAC"), CallEndUnderTest.START.plusSeconds(3_600))));
            assertThat(call.on(message)).contains(new SessionEffect.Confirm(50));
            assertThat(SessionView.of(call.state).state()).isEqualTo("established");
        }
    }

    @ParameterizedTest
    @CsvSource({"LNS, wait-connect, ICCN", "LAC, wait-reply, ICRP"})
    void whatDoesNotConnectInTimeIsEndedWithResult10(String end, String state, String awaited) {
        CallEndUnderTest call = in(end, state);
        call.now += 29_000_000_000L;
        assertThat(call.on(new SessionInput.Tick())).isEmpty();
        ControlMessage.Cdn cdn = cdn(call.tick());
        assertThat(cdn.result()).isEqualTo(new ResultCode(10, 0, "no " + awaited));
        assertThat(call.closed().by()).isEqualTo("local");
    }

    @Test
    void aReplyThatAssignsIdZeroIsNotAcceptable() {
        CallEndUnderTest call = in("LAC", "wait-reply");
        List<SessionEffect> effects = call.on(new SessionInput.Control(1, new ControlMessage.Icrp(0, List.of())));
        assertThat(cdn(effects).result().errorCode()).isEqualTo(CdnResult.VALUE_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({"LNS, wait-connect", "LNS, established", "LAC, wait-reply", "LAC, established"})
    void theTunnelTakesItsCallsWithItWithoutCdn(String end, String state) {
        CallEndUnderTest call = in(end, state);
        List<SessionEffect> effects = call.on(new SessionInput.TunnelDown("StopCCN"));
        assertThat(sent(effects)).isEmpty();
        assertThat(effects.getLast()).isEqualTo(new SessionEffect.Stop());
        assertThat(call.closed().by()).isEqualTo("tunnel");
        assertThat(call.closed().result()).isNull();
    }

    @Test
    void anOperatorsCloseOfAWaitingCallIsACdnAtOnce() {
        CallEndUnderTest call = in("LNS", "wait-connect");
        List<SessionEffect> effects = call.on(new SessionInput.Close(ResultCode.of(3), "operator", "maintenance"));
        assertThat(cdn(effects).result()).isEqualTo(ResultCode.of(3));
        assertThat(call.closed().by()).isEqualTo("operator");
        assertThat(call.closed().reason()).isEqualTo("maintenance");
    }

    @Test
    void aReofferedCallStaysAsItIs() {
        CallEndUnderTest call = in("LNS", "established");
        SessionState before = call.state;
        assertThat(call.on(new SessionInput.Offered(offer(false, CallEndUnderTest.START))))
                .isEmpty();
        assertThat(call.state).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"wait-connect", "established", "closed"})
    void aNewCallWithUsedIdsStartsAnew(String state) {
        CallEndUnderTest call = in("LNS", state);
        List<SessionEffect> effects =
                call.on(new SessionInput.Offered(offer(false, CallEndUnderTest.START.plusSeconds(3600))));
        assertThat(call.state).isInstanceOf(SessionState.WaitConnect.class);
        assertThat(effects).doesNotContain(new SessionEffect.Stop());
        call.on(new SessionInput.Control(9, iccn()));
        assertThat(call.state).isInstanceOf(SessionState.Established.class);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aCallWhoseCdnTheTunnelMissedIsEndedAgain(boolean connected) {
        CallEndUnderTest call = in("LNS", connected ? "established" : "wait-connect");
        call.on(control(20, "ICRQ"));
        call.restart();
        List<SessionEffect> effects = call.on(new SessionInput.Offered(offer(false, CallEndUnderTest.START)));
        assertThat(cdn(effects).result().code()).isEqualTo(2);
        assertThat(call.state).isInstanceOf(SessionState.Closed.class);
    }

    @Test
    void aRepeatedIccnAfterRecoveryIsConfirmedAndNothingElse() {
        CallEndUnderTest call = in("LNS", "established");
        call.restart();
        call.on(new SessionInput.Resume());
        assertThat(call.on(new SessionInput.Control(5, iccn()))).containsExactly(new SessionEffect.Confirm(5));
        assertThat(call.on(new SessionInput.Control(5, iccn()))).containsExactly(new SessionEffect.Confirm(5));
        assertThat(cdn(call.on(new SessionInput.Control(6, iccn()))).result().code())
                .isEqualTo(2);
    }

    @Test
    void pitfall10_aResultCodeMayComeWithoutErrorCodeAndText() {
        CallEndUnderTest call = in("LNS", "established");
        call.on(control(20, "CDN"));
        assertThat(call.closed().reason()).isEqualTo("CDN 1 (loss of carrier)");
        assertThat(call.closed().result()).isEqualTo(ResultCode.of(1));
        CallEndUnderTest unknown = in("LNS", "established");
        unknown.on(new SessionInput.Control(
                20, new ControlMessage.Cdn(new ResultCode(999, 6, "text"), 0, null, null, List.of())));
        assertThat(unknown.closed().reason()).isEqualTo("CDN 999, error 6: text");
    }

    @Test
    void pitfall11_aCdnCarriesTheIdThatWeAssigned() {
        CallEndUnderTest call = in("LNS", "established");
        assertThat(cdn(call.on(control(20, "ICRP"))).assignedSessionId()).isEqualTo(CallEndUnderTest.KEY.sessionId());
    }

    @Test
    void pitfall20_framesBeforeIccnAndAfterCdnAreDropped() {
        CallEndUnderTest call = in("LNS", "wait-connect");
        SessionInput frame = new SessionInput.Frame(TwoEnds.hex("ff03c021 01010004"));
        assertThat(call.on(frame)).containsExactly(new SessionEffect.Dropped("PPP frame before ICCN"));
        assertThat(call.state).isInstanceOf(SessionState.WaitConnect.class);
        call.on(control(20, "CDN"));
        assertThat(only(SessionEffect.Dropped.class, call.on(frame))).hasSize(1);
        assertThat(call.state).isInstanceOf(SessionState.Closed.class);
    }

    @Test
    void pitfall26_ourIccnHasTxSpeedAndFramingAndNoRxSpeed() {
        CallEndUnderTest call = in("LAC", "wait-reply");
        ControlMessage.Iccn iccn =
                (ControlMessage.Iccn) sent(call.on(control(20, "ICRP"))).getFirst();
        assertThat(iccn.txConnectSpeed()).isGreaterThan(10_000_000);
        assertThat(iccn.framingType()).isEqualTo(1);
        assertThat(iccn.rxConnectSpeed()).isNull();
    }

    @Test
    void pitfall28_resultCodesAreNumberedAsTheRfcDoes() {
        assertThat(CdnResult.describe(ResultCode.of(8))).contains("busy");
        assertThat(CdnResult.describe(ResultCode.of(9))).contains("dial tone");
        assertThat(CdnResult.describe(ResultCode.of(10))).contains("not established in time");
        assertThat(CdnResult.describe(ResultCode.of(11))).contains("framing");
        assertThat(Stream.of(CdnResult.values()).map(CdnResult::code))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void aPeersDisconnectCauseIsKept() {
        CallEndUnderTest call = in("LNS", "established");
        DisconnectCause cause = new DisconnectCause(3, 0xc021, 1, "bye");
        call.on(new SessionInput.Control(
                20, new ControlMessage.Cdn(ResultCode.of(3), 90, Bytes.EMPTY, cause, List.of())));
        assertThat(call.closed().disconnectCause()).isEqualTo(cause);
        assertThat(call.closed().reason()).endsWith("PPP cause 3: bye");
    }

    private static CallEndUnderTest in(String end, String state) {
        boolean initiator = end.equals("LAC");
        CallEndUnderTest call = initiator ? CallEndUnderTest.lac() : CallEndUnderTest.lns(AuthenticationMethod.PAP);
        if (!state.equals("idle")) {
            call.on(new SessionInput.Offered(offer(initiator, CallEndUnderTest.START)));
        }
        if (state.equals("established")) {
            call.on(control(1, initiator ? "ICRP" : "ICCN"));
        } else if (state.equals("closed")) {
            call.on(control(1, "CDN"));
        }
        assertThat(SessionView.of(call.state).state()).isEqualTo(state);
        return call;
    }

    private static SessionInput control(int ns, String message) {
        return new SessionInput.Control(ns, Objects.requireNonNull(MESSAGES.get(message)));
    }
}
