package io.warren.control.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.CallOffer;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelState;
import io.warren.ppp.LinkParameters;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveCallsTest {
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Endpoint HERE = new Endpoint(Bytes.ofHex("0a630001"), 1701);
    private static final PeerPath PATH = new PeerPath(HERE, new Endpoint(Bytes.ofHex("0a000002"), 1701));

    private final LiveCalls calls = new LiveCalls(SINCE);

    @Test
    void aTunnelThatIsUpIsTakenIn() {
        calls.add("tunnel|7", null, List.of(offered(), established()));

        assertThat(calls.tunnels().get(7)).isInstanceOf(TunnelState.Established.class);
    }

    @Test
    void pitfall12_aTunnelThatThePeerHasJustStoppedIsStillThereToAcknowledgeRepetitions() {
        calls.add("tunnel|7", null, List.of(offered(), established(), closed(SINCE, "peer", null)));

        assertThat(calls.tunnels().get(7)).isInstanceOf(TunnelState.Closed.class);
    }

    @Test
    void aTunnelThatWeHaveJustStoppedIsStillThereToRepeatItsStopCcn() {
        calls.add("tunnel|7", null, List.of(offered(), established(), closed(SINCE, "operator", outgoing(1))));

        assertThat(calls.tunnels().get(7)).isInstanceOf(TunnelState.Closed.class);
    }

    @Test
    void aTunnelThatEndedLongerAgoIsLeftAlone() {
        Instant before = SINCE.minusMillis(1);
        calls.add("tunnel|7", null, List.of(offered(), established(), closed(before, "peer", null)));
        calls.add("tunnel|8", null, List.of(offered(), established(), closed(before, "operator", outgoing(1))));

        assertThat(calls.tunnels()).isEmpty();
    }

    @Test
    void aTunnelWhosePeerIsGoneIsLeftAlone() {
        calls.add("tunnel|7", null, List.of(offered(), established(), closed(SINCE, "peer-restarted", null)));

        assertThat(calls.tunnels()).isEmpty();
    }

    @Test
    void aCallThatOwesItsStopIsWokenAndNotForwarded() {
        SessionKey key = new SessionKey(7, 9);
        CallOffer offer = new CallOffer(key, PATH, false, 70, 90, "lac", 1, null, null, null, AccessLine.NONE, SINCE);
        LinkParameters link = new LinkParameters(1, 2, 1500, 1500, false, false, 1, 2, List.of());
        SessionEvent.Connected connected = new SessionEvent.Connected(SINCE, offer, 0, 0, false);
        SessionEvent.NetworkUp up = new SessionEvent.NetworkUp(SINCE, "alice", link, List.of(), null, null, true);
        SessionEvent.Over over = new SessionEvent.Over(SINCE, "peer", "", null, null, SessionCounters.ZERO, 1);
        calls.add("session|7-9", null, List.of(connected, up, over));

        assertThat(calls.orphans()).containsExactly(key);
        assertThat(calls.calls()).isEmpty();
        assertThat(calls.forwarding()).isEmpty();
        assertThat(calls.noCalls()).isFalse();
        assertThat(calls.byShard().get(0).orphans()).containsExactly(key);

        LiveCalls later = new LiveCalls(SINCE);
        later.add("session|7-9", null, List.of(connected, up, over, over.settled()));
        assertThat(later.noCalls()).isTrue();
    }

    private static TunnelEvent.TunnelOffered offered() {
        return new TunnelEvent.TunnelOffered(SINCE, 7, 70, PATH, "lac", null, 16, null, null, outgoing(0), null);
    }

    private static TunnelEvent.TunnelEstablished established() {
        return new TunnelEvent.TunnelEstablished(SINCE, 70, PATH, "lac", null, 16, null, null);
    }

    private static TunnelEvent.TunnelClosed closed(Instant at, String by, TunnelEvent.@Nullable Outgoing stopCcn) {
        return new TunnelEvent.TunnelClosed(at, by, ResultCode.of(1), stopCcn);
    }

    private static TunnelEvent.Outgoing outgoing(int ns) {
        return new TunnelEvent.Outgoing(ns, 1, ns, 0, Bytes.ofHex("c802"));
    }
}
