package io.warren.control.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.reliable.Segment;
import io.warren.wire.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A tunnel that comes back from a snapshot must be the one that comes back from its whole journal. */
final class TunnelSnapshotTest {
    private static TunnelDecision resume(TunnelState state) {
        return TunnelDecider.decide(
                state, new TunnelInput.Resume(null), Exchange.PLAIN, new Moment(5, Instant.EPOCH, new Random(1)));
    }

    private static void assertSame(Exchange exchange) {
        TunnelState replayed = exchange.recovered();
        TunnelState restored = TunnelSnapshot.of(replayed).restore();
        assertThat(restored.getClass()).isEqualTo(replayed.getClass());
        assertThat(restored.ns()).isEqualTo(replayed.ns());
        assertThat(restored.nr()).isEqualTo(replayed.nr());
        assertThat(restored.path()).isEqualTo(replayed.path());
        assertThat(restored.since()).isEqualTo(replayed.since());
        assertThat(restored.sessionIds()).isEqualTo(replayed.sessionIds());
        assertThat(TunnelSnapshot.of(restored)).isEqualTo(TunnelSnapshot.of(replayed));
        assertThat(resume(restored).effects()).isEqualTo(resume(replayed).effects());
    }

    @Test
    void whileItIsBeingSetUp() {
        Exchange exchange = Exchange.plain();
        exchange.hearSccrq(Exchange.sccrq(null, null));
        assertSame(exchange);
    }

    @Test
    void withCallsSomeOfWhichAreOver() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        for (int peerSession = 1; peerSession <= 40; peerSession++) {
            int session = exchange.callFromPeer(peerSession);
            if (peerSession % 3 == 0) {
                exchange.decide(new TunnelInput.Send(session, Exchange.cdn(session)));
            }
            if (peerSession % 5 == 0) {
                exchange.acknowledge();
            }
        }
        assertSame(exchange);
    }

    @Test
    void asTheInitiator() {
        assertSame(Exchange.plain().establishedAsInitiator());
    }

    @Test
    void afterItsEnd() {
        Exchange exchange = Exchange.plain().establishedAsResponder();
        exchange.hear(Exchange.stopCcn());
        assertSame(exchange);
    }

    @Test
    void numbersBeyondHalfOfTheirSpaceAreKept() {
        ReliableChannel channel = ReliableChannel.restored(
                0x9001, 0xc000, 0x9000, 16, List.of(new Segment(0x9000, 0, 7, Bytes.ofHex("00"))));
        assertThat(channel.nextNs()).isEqualTo(0x9001);
        assertThat(channel.nr()).isEqualTo(0xc000);
        assertThat(channel.oldestUnacked()).isEqualTo(0x9000);
        assertThat(channel.backlogSegments()).hasSize(1);
    }
}
