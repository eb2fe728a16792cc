package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.OUR_TUNNEL;
import static io.warren.control.tunnel.Exchange.PATH;
import static io.warren.control.tunnel.Exchange.PEER_TUNNEL;
import static io.warren.control.tunnel.Exchange.dropped;
import static io.warren.control.tunnel.Exchange.said;
import static io.warren.control.tunnel.FailingPeer.ANSWER;
import static io.warren.control.tunnel.FailingPeer.CYCLE;
import static io.warren.control.tunnel.FailingPeer.PEER_RECOVERY;
import static io.warren.control.tunnel.FailingPeer.RECOVERY;
import static io.warren.control.tunnel.FailingPeer.THEIRS;
import static io.warren.control.tunnel.FailingPeer.answered;
import static io.warren.control.tunnel.FailingPeer.complete;
import static io.warren.control.tunnel.FailingPeer.established;
import static io.warren.control.tunnel.FailingPeer.establishedCall;
import static io.warren.control.tunnel.FailingPeer.exchange;
import static io.warren.control.tunnel.FailingPeer.inRecovery;
import static io.warren.control.tunnel.FailingPeer.recover;
import static io.warren.control.tunnel.FailingPeer.recoverySccrq;
import static io.warren.control.tunnel.FailingPeer.scccn;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Fsr;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ControlSequence;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.FailoverSessionState;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.UnknownMessage;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A peer that failed recovers its tunnel: RFC 4951 §3.2. */
class PeerRecoveryTest {
    @Test
    void tunnelWithTwoCallsOfWhichThePeerLostOneIsRecovered() {
        Exchange exchange = established(THEIRS);
        int kept = establishedCall(exchange, 31);
        int lost = establishedCall(exchange, 32);
        exchange.acknowledge();
        int ns = exchange.state.ns();
        int nr = exchange.state.nr();
        // Nobody acknowledges this: the peer has failed.
        exchange.decide(new TunnelInput.Send(kept, Exchange.sli()));
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        assertThat(sccrp.assignedTunnelId()).isEqualTo(RECOVERY);
        assertThat(sccrp.failoverCapability()).isNull();
        ControlSequence suggested = sccrp.suggestedSequence();
        assertThat(suggested).isNotNull();
        assertThat(exchange.state.ns()).as("nothing has changed yet").isEqualTo(ns + 1);
        assertThat(exchange.state.nr()).isEqualTo(nr);

        List<TunnelEffect> effects = complete(exchange, sccrp);
        assertThat(exchange.state.nr()).isEqualTo(suggested.ns());
        assertThat(exchange.state.sessionIds()).containsExactlyInAnyOrder(kept, lost);
        ControlPacket query = Exchange.sent(effects).stream()
                .filter(packet -> packet.body() instanceof Fsq)
                .findFirst()
                .orElseThrow();
        assertThat(query.tunnelId()).isEqualTo(PEER_TUNNEL);
        assertThat(query.ns()).isEqualTo(suggested.nr());
        assertThat(query.nr()).isEqualTo(suggested.ns());
        assertThat(((Fsq) query.body()).sessions())
                .containsExactlyInAnyOrder(new FailoverSessionState(kept, 31), new FailoverSessionState(lost, 32));
        assertThat(said(effects)).noneMatch(body -> !(body instanceof Fsq) && !(body instanceof Hello));

        effects = exchange.hear(
                new Fsr(List.of(new FailoverSessionState(31, kept), new FailoverSessionState(0, lost)), List.of()));
        assertThat(effects)
                .anyMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == lost)
                .noneMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == kept);
        assertThat(said(effects)).noneMatch(Cdn.class::isInstance);
        assertThat(exchange.state.sessionIds()).containsExactly(kept);

        assertThat(said(exchange.hear(Exchange.icrq(33)))).hasExactlyElementsOfTypes(Icrp.class);
        assertThat(exchange.state.nr()).isEqualTo(suggested.ns() + 2);
        assertSameAfterReplay(exchange);
    }

    @Test
    void recoveryTunnelIsClosedByThePeerAndItsIdIsFreeAfterwards() {
        Exchange exchange = established(THEIRS);
        establishedCall(exchange, 31);
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        assertThat(exchange.state.recoveryTunnelId()).isEqualTo(RECOVERY);
        StopCcn stop = new StopCcn(PEER_RECOVERY, ResultCode.of(1), List.of());
        List<TunnelEffect> effects = inRecovery(exchange, 2, 1, stop);
        assertThat(Exchange.sent(effects))
                .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY
                        && packet.nr() == 3
                        && packet.body() instanceof ZeroLengthBody);
        assertThat(exchange.recovered().recoveryTunnelId()).isZero();
        assertThat(Exchange.sent(inRecovery(exchange, 2, 1, stop)))
                .as("a repetition is acknowledged")
                .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY && packet.nr() == 3);
        exchange.acknowledge();
        exchange.now += CYCLE.plusSeconds(1).toNanos();
        exchange.decide(new TunnelInput.Tick());
        assertThat(exchange.state.recoveryTunnelId()).isZero();
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
    }

    @Test
    void recoveryTunnelIsClosedByUsWhenThePeerDoesNot() {
        Exchange exchange = established(THEIRS);
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        exchange.effects.clear();
        exchange.now += CYCLE.plusSeconds(1).toNanos();
        exchange.decide(new TunnelInput.Tick());
        assertThat(Exchange.sent(exchange.effects))
                .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY
                        && packet.body() instanceof StopCcn stop
                        && stop.assignedTunnelId() == RECOVERY);
    }

    @Test
    void callsThatWereBeingSetUpAreClearedWithoutACdn() {
        Exchange exchange = established(THEIRS);
        int established = establishedCall(exchange, 31);
        int settingUp = exchange.callFromPeer(32);
        List<TunnelEffect> effects = complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        assertThat(effects)
                .anyMatch(effect -> effect instanceof TunnelEffect.EndCall end && end.sessionId() == settingUp);
        assertThat(said(effects)).noneMatch(Cdn.class::isInstance);
        assertThat(exchange.state.sessionIds()).containsExactly(established);
        assertSameAfterReplay(exchange);
    }

    @Test
    void whatIsLeftOfTheOldConversationIsTakenForOld() {
        Exchange exchange = established(THEIRS);
        int call = establishedCall(exchange, 31);
        int oldNs = exchange.peerNs;
        int oldNr = exchange.peerNr;
        complete(exchange, answered(recover(exchange, PATH, recoverySccrq())));
        List<TunnelEffect> effects = exchange.decide(
                new TunnelInput.Received(PATH, new ControlPacket(OUR_TUNNEL, call, oldNs, oldNr, Exchange.cdn(31))));
        assertThat(dropped(effects)).containsExactly("duplicate");
        // A session that was slow to write names a number that is of no meaning any more.
        exchange.decide(new TunnelInput.Handled(oldNs - 1));
        assertThat(exchange.state.sessionIds()).containsExactly(call);
    }

    @Test
    void withASecretThePeerMustProveThatItKnowsIt() {
        Exchange exchange = established(exchange(ANSWER, "secret"), THEIRS);
        int call = establishedCall(exchange, 31);
        exchange.acknowledge();
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        assertThat(sccrp.challenge()).isNotNull();
        complete(exchange, sccrp);
        assertThat(exchange.state.nr()).isGreaterThan(Failover.LEAP);
        assertThat(exchange.state.sessionIds()).containsExactly(call);
    }

    @Test
    void tunnelDoesNotDieWhileItIsBeingRecovered() {
        Exchange exchange = established(new FailoverCapability(true, true, 0));
        exchange.callFromPeer(31);
        exchange.runFor(CYCLE.minusSeconds(1));
        Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
        inRecovery(exchange, 1, 1, new ZeroLengthBody());
        exchange.runFor(exchange.settings.setupTimeout().minusSeconds(1));
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
        complete(exchange, sccrp);
        exchange.acknowledge();
        exchange.runFor(CYCLE);
        assertThat(exchange.state).isInstanceOf(TunnelState.Established.class);
    }

    /** Our node dies after each event in turn; what it had said before is said again, and the recovery goes on. */
    @Test
    void crashOfOursInTheMiddleOfARecovery() {
        for (int crash = 0; crash < 4; crash++) {
            Exchange exchange = established(THEIRS);
            int kept = establishedCall(exchange, 31);
            int lost = establishedCall(exchange, 32);
            Sccrp sccrp = answered(recover(exchange, PATH, recoverySccrq()));
            if (crash == 1) {
                crash(exchange);
                assertThat(exchange.effects)
                        .as("the same SCCRP again")
                        .anyMatch(effect -> said(List.of(effect)).contains(sccrp));
            }
            complete(exchange, sccrp);
            if (crash == 2) {
                exchange.effects.clear();
                crash(exchange);
                assertThat(said(exchange.effects)).anyMatch(Fsq.class::isInstance);
                assertThat(Exchange.sent(inRecovery(exchange, 1, 1, scccn(sccrp))))
                        .as("a repeated SCCCN is acknowledged, and taken once")
                        .anyMatch(packet -> packet.tunnelId() == PEER_RECOVERY && packet.nr() == 2);
            }
            exchange.acknowledge();
            exchange.acknowledge();
            exchange.hear(
                    new Fsr(List.of(new FailoverSessionState(31, kept), new FailoverSessionState(0, lost)), List.of()));
            if (crash == 3) {
                crash(exchange);
                exchange.acknowledge();
                exchange.acknowledge();
            }
            assertThat(exchange.state.sessionIds()).as("crash %d", crash).containsExactly(kept);
            inRecovery(exchange, 2, 1, new StopCcn(PEER_RECOVERY, ResultCode.of(1), List.of()));
            assertThat(exchange.recovered().recoveryTunnelId()).isZero();
            exchange.effects.clear();
            exchange.hear(Exchange.icrq(33));
            // After a restart the peer is given time to repeat what may be missing.
            exchange.runFor(Duration.ofSeconds(4));
            assertThat(said(exchange.effects)).as("crash %d", crash).anyMatch(Icrp.class::isInstance);
            assertThat(exchange.journal.stream().filter(TunnelEvent.TunnelRecovered.class::isInstance))
                    .hasSize(1);
        }
    }

    /** Whatever comes, in any order and under any number: nothing is thrown, and the journal tells the same. */
    @Test
    void anythingInAnyOrder() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        int recovered = 0;
        for (int round = 0; round < 200; round++) {
            Exchange exchange = established(exchange(ANSWER, random.nextBoolean() ? "secret" : null), THEIRS);
            int call = establishedCall(exchange, 31);
            exchange.callFromPeer(32);
            for (int step = 0; step < 30; step++) {
                try {
                    somethingHappens(exchange, call, random);
                    assertThat(exchange.recovered().name()).isEqualTo(exchange.state.name());
                    assertThat(exchange.recovered().sessionIds()).isEqualTo(exchange.state.sessionIds());
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + ", round " + round + ", step " + step, e);
                }
            }
            recovered += exchange.journal.stream().anyMatch(TunnelEvent.TunnelRecovered.class::isInstance) ? 1 : 0;
        }
        assertThat(recovered).as("seed %d", seed).isPositive();
    }

    private static void somethingHappens(Exchange exchange, int call, Random random) {
        int id = random.nextBoolean() ? RECOVERY : OUR_TUNNEL;
        int leap = random.nextInt(3) == 0 ? Failover.LEAP : 0;
        int ns = id == RECOVERY ? random.nextInt(4) : exchange.state.nr() + leap + random.nextInt(2);
        int nr = id == RECOVERY ? random.nextInt(3) : exchange.state.ns() + leap - random.nextInt(2);
        switch (random.nextInt(7)) {
            case 0 -> recover(exchange, random.nextInt(4) == 0 ? Exchange.path(50_000) : PATH, recoverySccrq());
            case 1 -> exchange.decide(new TunnelInput.Send(call, Exchange.sli()));
            case 2 -> exchange.decide(new TunnelInput.Handled(ns));
            case 3 -> exchange.tickAfter(Duration.ofSeconds(random.nextInt(20)));
            default -> {
                List<ControlBody> bodies = List.of(
                        new Scccn(null, List.of()),
                        new ZeroLengthBody(),
                        new Hello(),
                        new Fsq(List.of(new FailoverSessionState(random.nextInt(40), call)), List.of()),
                        new Fsr(List.of(new FailoverSessionState(random.nextInt(2), call)), List.of()),
                        new StopCcn(PEER_RECOVERY, ResultCode.of(1), List.of()),
                        new BadMessage(MessageType.FSQ, 0, 2, "test"),
                        new UnknownMessage(99, false),
                        Exchange.icrq(40),
                        Exchange.cdn(31));
                exchange.decide(new TunnelInput.Received(
                        PATH,
                        new ControlPacket(id, 0, ns & 0xffff, nr & 0xffff, bodies.get(random.nextInt(bodies.size())))));
            }
        }
    }

    private static void crash(Exchange exchange) {
        assertSameAfterReplay(exchange);
        TunnelState replayed = exchange.recovered();
        TunnelState restored = TunnelSnapshot.of(replayed).restore();
        assertThat(TunnelSnapshot.of(restored)).isEqualTo(TunnelSnapshot.of(replayed));
        exchange.state = replayed;
        exchange.decide(new TunnelInput.Resume(null));
    }

    private static void assertSameAfterReplay(Exchange exchange) {
        TunnelState replayed = exchange.recovered();
        assertThat(replayed.sessionIds()).isEqualTo(exchange.state.sessionIds());
        assertThat(replayed.recoveryTunnelId()).isEqualTo(exchange.state.recoveryTunnelId());
        ControlConnection live = exchange.state.connection();
        ControlConnection told = replayed.connection();
        assertThat(told.peer()).isEqualTo(live.peer());
        assertThat(told.noted()).isEqualTo(live.noted());
        assertThat(told.channel().nextNs()).isEqualTo(live.channel().nextNs());
        RecoveryTunnel liveRecovery = live.recovery();
        RecoveryTunnel toldRecovery = told.recovery();
        if (liveRecovery != null && toldRecovery != null) {
            assertThat(toldRecovery.offer()).isEqualTo(liveRecovery.offer());
            assertThat(toldRecovery.phase()).isEqualTo(liveRecovery.phase());
            assertThat(toldRecovery.channel().nr())
                    .isEqualTo(liveRecovery.channel().nr());
        }
    }
}
