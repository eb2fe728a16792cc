package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.PrefixPlan.Kind;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberPrefixes;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.SubscriberRoutes;
import io.warren.control.port.SubscriberTerms;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ipv6.Icmpv6Message;
import io.warren.wire.ipv6.Ipv6Address;
import io.warren.wire.ipv6.Ipv6Packet;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionIpv6Test {
    private static final Ipv6Prefix LINK = new Ipv6Prefix(0x2001_0db8_0000_0007L, 0, 64);
    private static final Ipv6Prefix NETWORK = new Ipv6Prefix(0x2001_0db8_7777_4400L, 0, 56);
    private static final int LINK_INDEX = SubscriberPrefixes.index(Kind.FRAMED, LINK);
    private static final int NETWORK_INDEX = SubscriberPrefixes.index(Kind.DELEGATED, NETWORK);

    private final TwoEnds ends = TwoEnds.withIpv6(true, true);

    @Test
    void bothFamiliesAreForwardedAndInTheJournal() {
        dial();
        ForwardingEntry entry = entry();
        assertThat(entry.address()).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(entry.ipv6()).isEqualTo(new ForwardingEntry.Ipv6(List.of(LINK, NETWORK)));
        ends.lns.restart();
        assertThat(entry()).as("from the journal").isEqualTo(entry);
        assertThat(SessionDecider.leased(ends.lns.state))
                .containsExactly(CallEndUnderTest.ASSIGNED, LINK_INDEX, NETWORK_INDEX);
        ends.lns.on(new SessionInput.Resume());
        assertThat(entry()).as("after the move").isEqualTo(entry);
        assertThat(SessionDecider.leased(ends.lns.state)).hasSize(3);
    }

    @Test
    void networksBehindTheSubscriberAndHisMtuAreForwardedAndInTheJournal() {
        SubscriberRoutes routes =
                new SubscriberRoutes(List.of(Cidr.parse("10.9.0.0/24")), List.of(new Ipv6Prefix(1L << 61, 0, 40)));
        ends.profile = profile(LINK, NETWORK).with(new SubscriberTerms(routes, 1_300, null, false));
        ends.dialUntilUp();
        ends.run(both -> entry().ipv6() != null);
        ForwardingEntry entry = entry();
        assertThat(entry.routes()).isEqualTo(routes.ipv4());
        assertThat(entry.ipv6()).isEqualTo(new ForwardingEntry.Ipv6(List.of(LINK, NETWORK), routes.ipv6()));
        assertThat(entry.peerMru()).isEqualTo(1_300);
        assertThat(SessionView.of(ends.lns.state).networks()).hasSize(4).contains("10.9.0.0/24");
        ends.lns.restart();
        assertThat(entry()).as("from the journal").isEqualTo(entry);
        peerSaysAfterRestart();
        assertThat(entry().routes()).as("without IPv4").isEmpty();
    }

    private void peerSaysAfterRestart() {
        ends.lns.on(new SessionInput.Resume());
        peerSays(PppProtocol.IPCP, new ControlPacket.TerminateRequest(200, Bytes.EMPTY));
    }

    @Test
    void aSmallFramedMtuLeavesIpv6ItsLeast() {
        ends.profile = profile(LINK, NETWORK).with(new SubscriberTerms(SubscriberRoutes.NONE, 600, null, false));
        ends.dialUntilUp();
        ends.run(both -> entry().ipv6() != null);
        assertThat(entry().peerMru()).isEqualTo(1_280);
    }

    @Test
    void aSubscriberWhoIsToHaveNoIpv6HasNoneAlsoAfterARestart() {
        ends.profile = SubscriberProfile.NONE.with(new SubscriberTerms(SubscriberRoutes.NONE, 0, null, true));
        ends.dialUntilUp();
        long up = ends.lns.now;
        ends.run(both -> both.lns.now > up + Duration.ofSeconds(10).toNanos());
        assertThat(entry().address()).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(entry().ipv6()).isNull();
        ends.lns.restart();
        ends.lns.on(new SessionInput.Resume());
        ends.run(both -> both.lns.now > up + Duration.ofSeconds(30).toNanos());
        assertThat(entry().ipv6()).isNull();
    }

    @Test
    void allLeasesComeBackOnceWhenTheCallEnds() {
        dial();
        ends.lns.effects.clear();
        ends.lns.on(new SessionInput.TunnelDown("over"));
        assertThat(released()).containsExactlyInAnyOrder(CallEndUnderTest.ASSIGNED, LINK_INDEX, NETWORK_INDEX);
    }

    @Test
    void allLeasesComeBackWhenTheCallEndsAfterARestartWithoutBeingResumed() {
        dial();
        ends.lns.restart();
        ends.lns.effects.clear();
        ends.lns.on(new SessionInput.TunnelDown("over"));
        assertThat(released()).containsExactlyInAnyOrder(CallEndUnderTest.ASSIGNED, LINK_INDEX, NETWORK_INDEX);
    }

    @Test
    void aDecisionThatComesTooLateGivesAllBack() {
        ends.accessIsSlow = true;
        ends.profile = profile(LINK, NETWORK);
        ends.dial();
        SessionEffect.RequestAccess asked = CallEndUnderTest.only(SessionEffect.RequestAccess.class, ends.lns.effects)
                .getLast();
        ends.lns.on(new SessionInput.TunnelDown("over"));
        ends.lns.effects.clear();
        ends.lns.on(new SessionInput.AccessDecided(
                asked.request(),
                new AccessDecision.Granted(
                        "anna",
                        CallEndUnderTest.ASSIGNED,
                        List.of(),
                        List.of(),
                        TrafficLimits.NONE,
                        null,
                        profile(LINK, NETWORK),
                        null)));
        assertThat(released()).containsExactlyInAnyOrder(CallEndUnderTest.ASSIGNED, LINK_INDEX, NETWORK_INDEX);
    }

    @Test
    void pitfall_anIpv6OnlyCallIsUpAndKeepsItsAddressOverARestart() {
        dial();
        peerSays(PppProtocol.IPCP, new ControlPacket.TerminateRequest(200, Bytes.EMPTY));
        ForwardingEntry entry = entry();
        assertThat(entry.address()).as("no IPv4").isZero();
        assertThat(entry.ipv6()).isNotNull();
        assertThat(released()).isEmpty();
        ends.lns.restart();
        assertThat(entry()).isEqualTo(entry);
        assertThat(SessionDecider.leased(ends.lns.state)).hasSize(3);
        assertThat(SessionView.of(ends.lns.state).address()).isNull();
    }

    @Test
    void aClientWithoutIpv6HasIpv4AsEver() {
        TwoEnds plain = TwoEnds.withIpv6(true, false);
        plain.profile = profile(LINK, NETWORK);
        plain.dialUntilUp();
        ForwardingEntry entry = SessionDecider.forwardingEntry(plain.lns.state);
        assertThat(entry).isNotNull();
        assertThat(entry.address()).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(entry.ipv6()).isNull();
        plain.lns.on(new SessionInput.Close(ResultCode.of(3), "operator", "bye"));
    }

    @Test
    void anotherPrefixAfterANewAuthenticationReplacesTheOld() {
        dial();
        ends.profile = profile(new Ipv6Prefix(0x2001_0db8_0000_0008L, 0, 64), NETWORK);
        // The dialling end begins LCP anew.
        ends.lac.restart();
        ends.lac.on(new SessionInput.Resume());
        ends.lns.effects.clear();
        CallEndUnderTest.only(SessionEffect.SendFrame.class, ends.lac.effects).getLast();
        ends.give(
                ends.lns,
                new SessionInput.Frame(CallEndUnderTest.only(SessionEffect.SendFrame.class, ends.lac.effects)
                        .getLast()
                        .frame()));
        ends.run(both -> SessionDecider.leased(both.lns.state)
                        .contains(SubscriberPrefixes.index(Kind.FRAMED, new Ipv6Prefix(0x2001_0db8_0000_0008L, 0, 64)))
                && SessionDecider.forwardingEntry(both.lns.state) != null
                && SessionDecider.forwardingEntry(both.lns.state).ipv6() != null);
        assertThat(released()).containsExactly(LINK_INDEX);
    }

    @Test
    void theRouterSpeaksSoonThenNowAndThenAndWhenAsked() throws WireException {
        dial();
        long up = ends.lns.now;
        List<Long> times = new ArrayList<>();
        while (ends.lns.now < up + Duration.ofMinutes(30).toNanos()) {
            long next = ends.lns.deadline();
            ends.lns.counters = new SessionCounters(ends.lns.counters.upPackets() + 1, 0, 0, 0, 0);
            ends.lns.now = next;
            for (SessionEffect effect : ends.lns.on(new SessionInput.Tick())) {
                if (advertisement(effect) != null) {
                    times.add(next - up);
                }
            }
        }
        assertThat(times.get(0)).isLessThan(Duration.ofSeconds(1).toNanos());
        assertThat(times.get(1)).isLessThan(Duration.ofSeconds(5).toNanos());
        assertThat(times).as("about every ten minutes").hasSizeBetween(5, 8);

        ends.lns.now += Duration.ofSeconds(1).toNanos();
        Bytes solicitation = new Icmpv6Message.RouterSolicitation()
                .encode(Ipv6Address.linkLocal(5), Ipv6Address.ALL_ROUTERS)
                .encode();
        List<SessionEffect> answer = packet(solicitation);
        Icmpv6Message.RouterAdvertisement said = advertisement(answer.getLast());
        assertThat(said).isNotNull();
        assertThat(said.prefixes().getFirst().prefix().high()).isEqualTo(LINK.high());
        assertThat(packet(solicitation)).as("not at once again").isEmpty();
        assertThat(ends.lns.deadline())
                .isLessThan(ends.lns.now + Duration.ofSeconds(1).toNanos());
    }

    @Test
    void theRouterGoesOnAfterARestartAndIsSilentWithoutIpv6() {
        dial();
        ends.lns.restart();
        ends.lns.on(new SessionInput.Resume());
        assertThat(packet(new Icmpv6Message.EchoRequest(Bytes.ofHex("00010001"))
                        .encode(Ipv6Address.linkLocal(5), router())
                        .encode()))
                .hasSize(1);
        peerSays(PppProtocol.IPV6CP, new ControlPacket.TerminateRequest(200, Bytes.EMPTY));
        assertThat(packet(new Icmpv6Message.RouterSolicitation()
                        .encode(Ipv6Address.linkLocal(5), Ipv6Address.ALL_ROUTERS)
                        .encode()))
                .isEmpty();
    }

    @Test
    void pitfall_aCallThatIsEndingDoesNotSpinOnAnAdvertisementThatIsDue() {
        dial();
        ends.lacIsDeaf = true;
        ends.lns.on(new SessionInput.Close(ResultCode.of(3), "operator", "bye"));
        ends.lns.now += Duration.ofMillis(300).toNanos();
        ends.lns.on(new SessionInput.Tick());
        assertThat(ends.lns.deadline()).isGreaterThan(ends.lns.now);
    }

    private Ipv6Address router() {
        SessionEvent.NetworkUp network = ((SessionState.Established) ends.lns.state).network();
        assertThat(network).isNotNull();
        assertThat(network.link().ipv6()).isNotNull();
        return Ipv6Address.linkLocal(network.link().ipv6().localIdentifier());
    }

    private List<SessionEffect> packet(Bytes packet) {
        return ends.lns.on(new SessionInput.Frame(new PppFrame(PppProtocol.IPV6, packet).encode()));
    }

    private static Icmpv6Message.@Nullable RouterAdvertisement advertisement(SessionEffect effect)
            throws WireException {
        if (effect instanceof SessionEffect.SendFrame sent) {
            PppFrame frame = PppFrame.decode(sent.frame());
            return frame.protocol() == PppProtocol.IPV6
                    ? (Icmpv6Message.RouterAdvertisement) Icmpv6Message.decode(Ipv6Packet.decode(frame.information()))
                    : null;
        }
        return null;
    }

    private void dial() {
        ends.profile = profile(LINK, NETWORK);
        ends.dialUntilUp();
        ends.run(both -> entry().ipv6() != null && entry().address() != 0);
        ends.lns.effects.clear();
    }

    private ForwardingEntry entry() {
        ForwardingEntry entry = SessionDecider.forwardingEntry(ends.lns.state);
        assertThat(entry).isNotNull();
        return entry;
    }

    private List<Integer> released() {
        return CallEndUnderTest.only(SessionEffect.ReleaseAddress.class, ends.lns.effects).stream()
                .map(SessionEffect.ReleaseAddress::address)
                .toList();
    }

    private void peerSays(int protocol, ControlPacket packet) {
        ends.lns.on(new SessionInput.Frame(new PppFrame(protocol, packet.encode()).encode()));
    }

    private static SubscriberProfile profile(Ipv6Prefix link, Ipv6Prefix network) {
        return SubscriberProfile.NONE.with(SubscriberIpv6.NONE.with(List.of(link), List.of(network)));
    }
}
