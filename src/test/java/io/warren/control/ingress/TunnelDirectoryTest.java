package io.warren.control.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.tunnel.CallOffer;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.control.tunnel.TunnelDecider;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelState;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tunnel's seat while its shard moves. */
class TunnelDirectoryTest {
    private static final int TUNNEL = 0x0705;
    private static final int SHARD = Placement.shardOf(TUNNEL);
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final PeerPath PATH =
            new PeerPath(new Endpoint(Bytes.ofHex("0a630001"), 1701), new Endpoint(Bytes.ofHex("0a000002"), 1701));
    private static final SessionKey KNOWN = new SessionKey(TUNNEL, 3);
    private static final SessionKey UNKNOWN = new SessionKey(TUNNEL, 4);

    private final ActorTestKit kit = ActorTestKit.create(
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    private final ActorRef<TunnelCommand> actor =
            kit.<TunnelCommand>createTestProbe().getRef();
    private final TunnelDirectory tunnels = new TunnelDirectory();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aCallWithoutASeatMayLiveWhenItsTunnelKnowsIt() {
        tunnels.seat(TUNNEL, actor, withOneCall());
        assertThat(tunnels.mayHave(KNOWN)).isTrue();
        assertThat(tunnels.mayHave(UNKNOWN)).isFalse();
        assertThat(tunnels.mayHave(new SessionKey(TUNNEL + 1, 3))).isFalse();
    }

    /** Whoever runs it, the entity or its substitute while the journal is gone: who goes on with it must know. */
    @Test
    void whereThePeerIsIsNotedWithEachStateOfALivingTunnel() {
        TunnelState state = withOneCall();
        tunnels.seat(TUNNEL, actor, state);
        tunnels.update(TUNNEL, state);
        assertThat(tunnels.positions().find(TUNNEL, SINCE))
                .hasValue(state.connection().channel().nr());
        tunnels.update(TUNNEL, new TunnelState.Idle(TUNNEL));
        assertThat(tunnels.positions().find(TUNNEL, SINCE)).isEmpty();
    }

    @Test
    void ofATunnelThatHasGoneOnElsewhereAnyCallMayLiveThere() {
        tunnels.admitShard(SHARD);
        tunnels.seat(TUNNEL, actor, withOneCall());
        tunnels.handOver(TUNNEL, actor);
        assertThat(tunnels.find(TUNNEL)).isNotNull();
        assertThat(tunnels.find(TUNNEL).actor()).isNull();
        assertThat(tunnels.mayHave(UNKNOWN)).isTrue();
        tunnels.dismissShard(SHARD);
        assertThat(tunnels.find(TUNNEL)).isNull();
        assertThat(tunnels.mayHave(KNOWN)).isFalse();
    }

    @Test
    void ofAShardThatIsNotOursNothingStays() {
        tunnels.seat(TUNNEL, actor, withOneCall());
        tunnels.handOver(TUNNEL, actor);
        assertThat(tunnels.find(TUNNEL)).isNull();
    }

    private static TunnelState withOneCall() {
        CallOffer call =
                new CallOffer(KNOWN, PATH, false, 70, 31, "lac", 5_031, null, null, null, AccessLine.NONE, SINCE);
        TunnelState state = new TunnelState.Idle(TUNNEL);
        for (TunnelEvent event : new TunnelEvent[] {
            new TunnelEvent.TunnelOffered(SINCE, TUNNEL, 70, PATH, "lac", null, 16, null, null, outgoing(0), null),
            new TunnelEvent.TunnelEstablished(SINCE, 70, PATH, "lac", null, 16, null, null),
            new TunnelEvent.CallOffered(SINCE, call, outgoing(1))
        }) {
            state = TunnelDecider.evolve(state, event);
        }
        return state;
    }

    private static TunnelEvent.Outgoing outgoing(int ns) {
        return new TunnelEvent.Outgoing(ns, 1, ns, 0, Bytes.ofHex("c802"));
    }
}
