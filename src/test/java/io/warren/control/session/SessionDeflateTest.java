package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.PeerPattern;
import io.warren.control.port.ForwardingEntry;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.DeflatePolicy;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.ProxyPolicy;
import io.warren.wire.Bytes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls whose packets are compressed: what the data plane gets, and what becomes of it after a restart. */
class SessionDeflateTest {
    private static final DeflatePolicy PREFER = new DeflatePolicy(DeflatePolicy.Use.PREFER, 15);

    @Test
    void theDataPlaneIsToldOfBothDirectionsAndOfOurMru() {
        TwoEnds ends = up();
        ForwardingEntry.Deflate deflate = deflate(ends.lns);
        assertThat(deflate).isNotNull();
        assertThat(deflate.send()).isTrue();
        assertThat(deflate.receive()).isTrue();
        assertThat(deflate.mru())
                .isEqualTo(((SessionEvent.NetworkUp) ends.lns.journal.getLast())
                        .link()
                        .localMru());
    }

    /** Nothing of it is worth an event: the journal of a call that is compressed is that of one that is not. */
    @Test
    void compressionIsInNoJournal() {
        assertThat(up().lns.journal.stream().map(Object::getClass))
                .isEqualTo(upWith(DeflatePolicy.OFF).lns.journal.stream()
                        .map(Object::getClass)
                        .toList());
    }

    @Test
    void afterARestartPacketsGoInTheClearUntilOneShowsThatThePeerStillCompresses() {
        TwoEnds ends = up();
        ends.lns.restart();
        ends.lac.now = ends.lns.now;
        ends.give(ends.lns, new SessionInput.Resume());
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNotNull();
        assertThat(deflate(ends.lns)).isNull();

        ends.give(ends.lns, new SessionInput.Frame(Bytes.ofHex("ff0300fd00075555")));
        ends.run(both -> deflate(both.lns) != null && deflate(both.lac) != null);

        assertThat(CallEndUnderTest.only(SessionEffect.Uninstall.class, ends.lns.effects))
                .as("the network stays")
                .isEmpty();
        assertThat(CallEndUnderTest.only(SessionEffect.Install.class, ends.lns.effects)
                        .getLast()
                        .entry()
                        .deflate())
                .isEqualTo(deflate(ends.lns));
    }

    @Test
    void whereThereIsNoRoomNobodysPolicyHasIt() {
        LinkSettings link = CallEndUnderTest.settings(1, List.of(AuthenticationMethod.PAP), false)
                .link()
                .withDeflate(PREFER);
        SessionSettings plain = CallEndUnderTest.settings(1, List.of(AuthenticationMethod.PAP), false);
        SessionSettings full = new SessionSettings(
                link,
                null,
                plain.connectTimeout(),
                plain.setupTimeout(),
                plain.lcpTerminateWait(),
                null,
                null,
                ProxyPolicy.NONE,
                List.of(new PeerPolicy(PeerPattern.ANY, link, ProxyPolicy.NONE)),
                Set.of("filter"));
        SessionSettings without = CallCompression.without(full);
        assertThat(without.link()).isEqualTo(link.withDeflate(DeflatePolicy.OFF));
        assertThat(without.peers())
                .containsExactly(
                        new PeerPolicy(PeerPattern.ANY, link.withDeflate(DeflatePolicy.OFF), ProxyPolicy.NONE));
        assertThat(without.filters()).isEqualTo(full.filters());
    }

    private static TwoEnds up() {
        TwoEnds ends = upWith(PREFER);
        ends.run(both -> deflate(both.lns) != null && deflate(both.lac) != null);
        return ends;
    }

    private static TwoEnds upWith(DeflatePolicy policy) {
        TwoEnds ends = TwoEnds.compressed(policy);
        ends.dialUntilUp();
        return ends;
    }

    private static ForwardingEntry.@Nullable Deflate deflate(CallEndUnderTest end) {
        ForwardingEntry entry = SessionDecider.forwardingEntry(end.state);
        return entry == null ? null : entry.deflate();
    }
}
