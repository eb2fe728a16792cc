package io.warren.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.MppeKeys;
import io.warren.journal.EventCodec;
import io.warren.ppp.MppePolicy;
import io.warren.ppp.MppePolicy.Use;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls whose packets are encrypted: what the data plane gets, what the journal does not, and how they go on. */
class SessionMppeTest {
    @Test
    void bothDataPlanesGetTheKeysOfTheirEnd() {
        TwoEnds ends = up(Use.REQUIRE, Use.ALLOW);
        assertThat(keys(ends.lns)).isEqualTo(keys(ends.lac).mirrored());
        assertThat(lastUp(ends).link().mppeBits()).isEqualTo(128);
    }

    @Test
    void noKeyIsInTheJournalOrPrinted() {
        TwoEnds ends = up(Use.REQUIRE, Use.REQUIRE);
        MasterKeys keys = keys(ends.lns);
        for (SessionEvent event : ends.lns.journal) {
            String row = HexFormat.of().formatHex(EventCodec.encode(event));
            assertThat(row)
                    .doesNotContain(keys.send().toHex())
                    .doesNotContain(keys.receive().toHex());
        }
        String printed = ends.lns.effects + " " + ends.lns.state;
        assertThat(printed).doesNotContain(keys.send().toHex()).contains("MasterKeys[hidden]");
    }

    /** The keys are gone with the node: nothing is forwarded before PPP has yielded others. */
    @Test
    void afterARestartPppBeginsAnewAndTheCallKeepsItsAddress() {
        TwoEnds ends = up(Use.REQUIRE, Use.REQUIRE);
        MasterKeys before = keys(ends.lns);

        ends.lns.restart();
        ends.lac.now = ends.lns.now;
        assertThat(SessionDecider.forwardingEntry(ends.lns.state)).isNull();
        assertThat(SessionDecider.leasedAddress(ends.lns.state)).hasValue(CallEndUnderTest.ASSIGNED);
        ends.lns.effects.clear();
        ends.give(ends.lns, new SessionInput.Resume());
        ends.run(both -> SessionDecider.forwardingEntry(both.lns.state) != null
                && SessionDecider.forwardingEntry(both.lac.state) != null);

        assertThat(keys(ends.lns)).isNotEqualTo(before).isEqualTo(keys(ends.lac).mirrored());
        assertThat(entry(ends.lns).address()).isEqualTo(CallEndUnderTest.ASSIGNED);
        assertThat(ends.lns.effects.getFirst()).isEqualTo(new SessionEffect.Uninstall());
        assertThat(CallEndUnderTest.only(SessionEffect.ReleaseAddress.class, ends.lns.effects))
                .isEmpty();
    }

    @Test
    void aPeerThatIsGoneMeanwhileIsGivenUp() {
        TwoEnds ends = up(Use.REQUIRE, Use.REQUIRE);
        ends.lns.restart();
        ends.lacIsDeaf = true;
        ends.give(ends.lns, new SessionInput.Resume());
        while (!(ends.lns.state instanceof SessionState.Closed)) {
            ends.lns.tick();
        }
        assertThat(CallEndUnderTest.only(SessionEffect.ReleaseAddress.class, ends.lns.effects))
                .containsExactly(new SessionEffect.ReleaseAddress(CallEndUnderTest.ASSIGNED));
    }

    @Test
    void aPeerThatCannotIsHungUpOnWithItsCause() {
        TwoEnds ends = ends(Use.REQUIRE, Use.OFF);
        ends.dial();
        ends.run(both -> both.lns.state instanceof SessionState.Closed);
        assertThat(ends.lns.closed().reason()).contains("MPPE is required");
        assertThat(CallEndUnderTest.only(SessionEffect.Install.class, ends.lns.effects))
                .isEmpty();
    }

    @Test
    void termsAreWhatTheRadiusServerSays() {
        Bytes key = Bytes.ofHex("00".repeat(16));
        assertThat(CallEncryption.terms(null)).isNull();
        assertThat(CallEncryption.terms(new MppeKeys(Bytes.ofHex("00".repeat(8)), key, 0, 0)))
                .as("too short")
                .isNull();
        assertThat(CallEncryption.terms(new MppeKeys(key, key, 2, 4)))
                .satisfies(terms -> assertThat(terms.required()).isTrue())
                .satisfies(terms -> assertThat(terms.strengths()).containsExactly(Strength.BITS_128));
        assertThat(CallEncryption.terms(new MppeKeys(key, key, 1, 2)))
                .satisfies(terms -> assertThat(terms.required()).isFalse())
                .satisfies(terms -> assertThat(terms.strengths()).containsExactly(Strength.BITS_40));
        assertThat(CallEncryption.terms(new MppeKeys(key, key, 0, 0)))
                .satisfies(terms -> assertThat(terms.strengths()).hasSize(2));
        Bytes tls = Bytes.ofHex("ab".repeat(16) + "cd".repeat(16));
        assertThat(CallEncryption.terms(new MppeKeys(tls, tls, 0, 0)))
                .satisfies(terms -> assertThat(terms.keys().send()).isEqualTo(Bytes.ofHex("ab".repeat(16))));
    }

    private static TwoEnds up(Use lns, Use lac) {
        TwoEnds ends = ends(lns, lac);
        ends.dialUntilUp();
        return ends;
    }

    private static TwoEnds ends(Use lns, Use lac) {
        return TwoEnds.encrypted(policy(lns), policy(lac));
    }

    private static MppePolicy policy(Use use) {
        return new MppePolicy(use, List.of(Strength.BITS_128));
    }

    private static ForwardingEntry entry(CallEndUnderTest end) {
        ForwardingEntry entry = SessionDecider.forwardingEntry(end.state);
        assertThat(entry).isNotNull();
        return entry;
    }

    private static MasterKeys keys(CallEndUnderTest end) {
        ForwardingEntry.@Nullable Mppe mppe = entry(end).mppe();
        assertThat(mppe).isNotNull();
        assertThat(mppe.keys()).isNotNull();
        return mppe.keys();
    }

    private static SessionEvent.NetworkUp lastUp(TwoEnds ends) {
        return (SessionEvent.NetworkUp) ends.lns.journal.getLast();
    }
}
