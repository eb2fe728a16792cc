package io.warren.control.session;

import static io.warren.control.session.CallEndUnderTest.PATH;
import static io.warren.control.session.CallEndUnderTest.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Endpoint;
import io.warren.ppp.AuthenticationMethod;
import io.warren.wire.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose PPP frames are a call's: nobody who knows its ids but has another address or port speaks for its peer. */
class FrameSourceTest {
    private static final Endpoint PEER = PATH.remote();
    private static final Bytes ECHO_REQUEST = TwoEnds.hex("ff03c021 0907 0008 00000000");
    private static final Bytes TERMINATE_REQUEST = TwoEnds.hex("ff03c021 0501 0004");

    /** Authenticate-Request of "eve", "eve". */
    private static final Bytes PAP_REQUEST = TwoEnds.hex("ff03c023 0101 000c 03657665 03657665");

    private static List<Endpoint> strangers() {
        return List.of(
                new Endpoint(Bytes.of((byte) 203, (byte) 0, (byte) 113, (byte) 9), PEER.port()),
                new Endpoint(PEER.address(), PEER.port() + 1),
                PATH.local());
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aStrangersFrameIsDroppedAndCountedWhilePppComesUp(Endpoint stranger) {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.accessIsSlow = true;
        ends.lns.on(new SessionInput.Offered(CallEndUnderTest.offer(false, CallEndUnderTest.START)));
        ends.lns.on(new SessionInput.Control(1, CallEndUnderTest.iccn()));
        assertNothingComesOf(ends.lns, new SessionInput.Frame(TERMINATE_REQUEST, stranger));
        assertNothingComesOf(ends.lns, new SessionInput.Frame(PAP_REQUEST, stranger));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aStrangersFrameIsDroppedAndCountedWhileAnswersAreAwaited(Endpoint stranger) {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.accessIsSlow = true;
        ends.dial();
        ends.run(both ->
                !only(SessionEffect.RequestAccess.class, both.lns.effects).isEmpty());
        assertNothingComesOf(ends.lns, new SessionInput.Frame(PAP_REQUEST, stranger));
        assertNothingComesOf(ends.lns, new SessionInput.Frame(TERMINATE_REQUEST, stranger));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aStrangersFrameIsDroppedAndCountedWhenTheCallIsUp(Endpoint stranger) {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        assertNothingComesOf(ends.lns, new SessionInput.Frame(ECHO_REQUEST, stranger));
        assertNothingComesOf(ends.lns, new SessionInput.Frame(TERMINATE_REQUEST, stranger));
        assertNothingComesOf(ends.lac, new SessionInput.Frame(TERMINATE_REQUEST, stranger));
    }

    /** Behind a balancer any end of ours may be the one that a frame came to: only the peer's end is asked for. */
    @Test
    void thePeersFramesPass() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        Endpoint peer = new Endpoint(Bytes.of(PEER.address().toByteArray()), PEER.port());
        assertThat(only(SessionEffect.SendFrame.class, ends.lns.on(new SessionInput.Frame(ECHO_REQUEST, peer))))
                .hasSize(1);
    }

    @Test
    void thePeersFramesPassAfterRecovery() {
        TwoEnds ends = new TwoEnds(AuthenticationMethod.PAP);
        ends.dialUntilUp();
        ends.lns.restart();
        ends.lns.on(new SessionInput.Resume());
        assertNothingComesOf(
                ends.lns, new SessionInput.Frame(ECHO_REQUEST, strangers().getFirst()));
        assertThat(only(SessionEffect.SendFrame.class, ends.lns.on(new SessionInput.Frame(ECHO_REQUEST, PEER))))
                .hasSize(1);
    }

    private static void assertNothingComesOf(CallEndUnderTest end, SessionInput.Frame frame) {
        SessionState before = end.state;
        assertThat(end.on(frame))
                .containsExactly(
                        new SessionEffect.Dropped("PPP frame from an address or port that is not its tunnel's"));
        assertThat(end.state).isSameAs(before);
    }
}
