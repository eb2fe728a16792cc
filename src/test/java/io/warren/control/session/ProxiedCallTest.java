package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.AddressPrefix;
import io.warren.config.PeerPattern;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.Credentials;
import io.warren.ppp.ProxyPolicy;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ProxyAuthentication;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls whose LAC has been through LCP and authentication (RFC 2661 §4.4.5). */
class ProxiedCallTest {
    private static final ProxyPolicy ACCEPT =
            new ProxyPolicy(ProxyPolicy.Lcp.ACCEPT_IF_COMPATIBLE, ProxyPolicy.Credentials.ALL);

    /** PAP, and a magic number. */
    private static final Bytes SENT = Bytes.ofHex("010405780304c0230506aaaaaaaa");

    private static final Bytes RECEIVED = Bytes.ofHex("0506bbbbbbbb");
    private static final ProxyAuthentication PAP =
            new ProxyAuthentication(3, CallEndUnderTest.USER, null, 7, CallEndUnderTest.PASSWORD);

    @Test
    void theUserIsVerifiedFromTheAvpsAndNoLcpPacketLeaves() {
        CallEndUnderTest lns = lns(ACCEPT, List.of());
        List<SessionEffect> effects = called(lns, SENT, PAP);

        SessionEffect.RequestAccess request =
                only(SessionEffect.RequestAccess.class, effects).getFirst();
        assertThat(request.request().credentials())
                .isEqualTo(new Credentials.Pap(CallEndUnderTest.USER, CallEndUnderTest.PASSWORD));
        assertThat(protocols(effects)).isEmpty();

        List<SessionEffect> granted =
                lns.on(new SessionInput.AccessDecided(request.request(), CallEndUnderTest.GRANTED));
        assertThat(protocols(granted)).containsExactly(PppProtocol.PAP, PppProtocol.IPCP);
        assertThat(lns.journal.toString()).as("no secret in the journal").doesNotContain("Pap[");
    }

    @Test
    void whatIsNotTakenIsCountedAndLcpBegins() {
        CallEndUnderTest lns = lns(ACCEPT, List.of());
        List<SessionEffect> effects = called(lns, Bytes.ofHex("00"), PAP);

        assertThat(only(SessionEffect.Dropped.class, effects))
                .containsExactly(new SessionEffect.Dropped("proxy LCP not taken: malformed options"));
        assertThat(protocols(effects)).containsExactly(PppProtocol.LCP);
        assertThat(only(SessionEffect.RequestAccess.class, effects)).isEmpty();
    }

    @Test
    void aRestartBeforeTheNetworkIsUpBeginsLcpAnew() {
        CallEndUnderTest lns = lns(ACCEPT, List.of());
        called(lns, SENT, PAP);
        lns.restart();

        assertThat(protocols(lns.on(new SessionInput.Resume()))).containsExactly(PppProtocol.LCP);
    }

    @Test
    void thePolicyOfThePeerCountsMoreThanThatForAll() {
        SessionSettings plain = CallEndUnderTest.settings(1, List.of(AuthenticationMethod.PAP), false);
        PeerPattern others = new PeerPattern("", List.of(AddressPrefix.parse("198.51.100.0/24")));
        PeerPattern near = new PeerPattern("", List.of(AddressPrefix.parse("192.0.2.0/24")));
        PeerPattern named = new PeerPattern("peer", List.of());

        List<PeerPolicy> foreign = List.of(new PeerPolicy(others, plain.link(), ACCEPT));
        assertThat(protocols(called(lns(ProxyPolicy.NONE, foreign), SENT, PAP))).containsExactly(PppProtocol.LCP);
        List<PeerPolicy> both = List.of(
                new PeerPolicy(near, plain.link(), ProxyPolicy.NONE), new PeerPolicy(named, plain.link(), ACCEPT));
        assertThat(protocols(called(lns(ProxyPolicy.NONE, both), SENT, PAP))).isEmpty();
    }

    private static CallEndUnderTest lns(ProxyPolicy proxy, List<PeerPolicy> peers) {
        SessionSettings plain =
                CallEndUnderTest.settings(CallEndUnderTest.GATEWAY, List.of(AuthenticationMethod.PAP), false);
        return new CallEndUnderTest(
                new SessionSettings(
                        plain.link(),
                        null,
                        plain.connectTimeout(),
                        plain.setupTimeout(),
                        plain.lcpTerminateWait(),
                        null,
                        null,
                        proxy,
                        peers,
                        java.util.Set.of()),
                1);
    }

    private static List<SessionEffect> called(CallEndUnderTest lns, Bytes sent, ProxyAuthentication proxy) {
        lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        return lns.on(new SessionInput.Control(
                1,
                new ControlMessage.Iccn(
                        56_000, 1, RECEIVED, sent, RECEIVED, proxy, null, null, false, AccessLine.NONE, List.of())));
    }

    private static List<Integer> protocols(List<SessionEffect> effects) {
        return only(SessionEffect.SendFrame.class, effects).stream()
                .map(effect -> {
                    try {
                        return PppFrame.decode(effect.frame()).protocol();
                    } catch (WireException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }
}
