package io.warren.control.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.Moment;
import io.warren.control.Tally;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ingress;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionState;
import io.warren.control.tunnel.TunnelDecider;
import io.warren.control.tunnel.TunnelInput;
import io.warren.control.tunnel.TunnelState;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

final class PeerDispatcherTest {
    private static final Endpoint LNS = new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) 1), 1701);

    private record Told(int tunnelId, TunnelInput input) {}

    private record ToldSession(SessionKey key, SessionInput input) {}

    private long now = 1_000_000_000L;
    private boolean journalWritable = true;
    private final List<Told> told = new ArrayList<>();
    private final List<ToldSession> toldSessions = new ArrayList<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final TunnelDirectory tunnels = new TunnelDirectory();
    private final SessionDirectory sessions = new SessionDirectory();
    private final Tally tally = new Tally(() -> now);
    private final Random random = new Random(7);

    private PeerDispatcher dispatcher(IngressLimits limits, IntPredicate usedBefore) {
        return new PeerDispatcher(
                () -> new Moment(now, Instant.EPOCH, random),
                (_, datagram) -> sent.add(datagram),
                (tunnelId, input) -> told.add(new Told(tunnelId, input)),
                (key, input) -> toldSessions.add(new ToldSession(key, input)),
                tunnels,
                sessions,
                tally,
                () -> journalWritable,
                limits,
                usedBefore);
    }

    private PeerDispatcher dispatcher() {
        return dispatcher(new IngressLimits(100, 10, 5, 100), _ -> false);
    }

    private static PeerPath from(int lastOctet, int port) {
        return new PeerPath(LNS, new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) lastOctet), port));
    }

    private static Ingress sccrq(PeerPath path, int assignedTunnelId) {
        Sccrq message = new Sccrq(
                0x0100, "lac", 3, assignedTunnelId, null, null, null, null, null, null, null, null, List.of());
        return new Ingress.ControlArrived(path, new ControlPacket(0, 0, 0, 0, message));
    }

    private StopCcn lastStopCcn() throws Exception {
        ControlPacket packet = L2tpCodec.decode(sent.getLast(), null);
        return (StopCcn) packet.body();
    }

    @Test
    void pitfall6_repeatedSccrqIsTheSameTunnel() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        dispatcher.accept(sccrq(from(2, 1701), 77));
        assertThat(told).hasSize(2);
        assertThat(told.get(0).tunnelId()).isEqualTo(told.get(1).tunnelId()).isNotZero();
        assertThat(tunnels.count()).isEqualTo(1);
    }

    @Test
    void pitfall7_twoTunnelsFromOneAddressAndPort() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        dispatcher.accept(sccrq(from(2, 1701), 78));
        assertThat(told.get(0).tunnelId()).isNotEqualTo(told.get(1).tunnelId());
    }

    @Test
    void pitfall8_anotherPortIsAnotherPeer() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        dispatcher.accept(sccrq(from(2, 40_000), 77));
        assertThat(told.get(0).tunnelId()).isNotEqualTo(told.get(1).tunnelId());
    }

    @Test
    void pitfall9_tunnelIdZeroFindsTheOnlyTunnelOfThatPeer() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        dispatcher.accept(new Ingress.ControlArrived(from(2, 1701), new ControlPacket(0, 0, 1, 1, new Hello())));
        assertThat(told).hasSize(2);
        assertThat(told.get(1).tunnelId()).isEqualTo(told.get(0).tunnelId());
    }

    @Test
    void pitfall9_tunnelIdZeroIsDroppedWhenItIsAmbiguous() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        dispatcher.accept(sccrq(from(2, 1701), 78));
        dispatcher.accept(new Ingress.ControlArrived(from(2, 1701), new ControlPacket(0, 0, 1, 1, new Hello())));
        assertThat(told).hasSize(2);
        assertThat(tally.snapshot()).containsKey("tunnel id 0 from a peer without a tunnel");
    }

    private static Ingress recovery(PeerPath path, int recoverRemoteTunnelId) {
        TunnelRecovery wanted = new TunnelRecovery(77, recoverRemoteTunnelId);
        Sccrq message = new Sccrq(0x0100, "lac", 3, 79, null, null, null, null, null, null, null, wanted, List.of());
        return new Ingress.ControlArrived(path, new ControlPacket(0, 0, 0, 0, message));
    }

    @Test
    void recoveryIsAskedOfTheTunnelThatItNames() throws Exception {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        int tunnelId = told.getFirst().tunnelId();
        dispatcher.accept(recovery(from(2, 1701), tunnelId));
        assertThat(told.getLast().tunnelId()).isEqualTo(tunnelId);
        assertThat(tunnels.count()).isEqualTo(1);
        int unknown = tunnelId ^ 1;
        dispatcher.accept(recovery(from(2, 1701), unknown));
        dispatcher.accept(recovery(from(2, 1701), 0));
        assertThat(told).hasSize(2);
        assertThat(sent).hasSize(2);
        assertThat(lastStopCcn().result()).isEqualTo(TunnelDecider.NOTHING_TO_RECOVER);
        assertThat(tally.snapshot()).containsEntry("recovery refused: no such tunnel", 2L);
    }

    @Test
    void recoveriesAreLimitedLikeNewTunnels() {
        PeerDispatcher dispatcher = dispatcher();
        for (int i = 0; i < 50; i++) {
            dispatcher.accept(recovery(from(2, 1701), 4711));
        }
        assertThat(sent).hasSize(5);
        assertThat(tally.snapshot()).containsEntry("SCCRQ dropped: too many per second", 45L);
    }

    @Test
    void packetsOfARecoveryTunnelGoToTheOldOne() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        int tunnelId = told.getFirst().tunnelId();
        int recovery = tunnels.takeForRecovery(tunnelId, random);
        assertThat(recovery).isNotEqualTo(tunnelId);
        assertThat(Placement.shardOf(recovery)).isEqualTo(Placement.shardOf(tunnelId));
        ControlPacket packet = new ControlPacket(recovery, 0, 1, 1, new Hello());
        dispatcher.accept(new Ingress.ControlArrived(from(2, 1701), packet));
        assertThat(told.getLast()).isEqualTo(new Told(tunnelId, new TunnelInput.Received(from(2, 1701), packet)));
        tunnels.update(tunnelId, new TunnelState.Idle(tunnelId));
        dispatcher.accept(new Ingress.ControlArrived(from(2, 1701), packet));
        assertThat(told).as("the id is free again").hasSize(2);
    }

    @Test
    void idsOfRecoveryTunnelsAreTakenAndEndWithTheirShard() {
        TunnelDirectory.Request request =
                new TunnelDirectory.Request(from(2, 1701).remote(), 77);
        tunnels.take(1, new TunnelState.Idle(1), request);
        for (int i = 0; i < 254; i++) {
            int id = tunnels.takeForRecovery(1, random);
            assertThat(id).isBetween(2, 255);
            assertThat(tunnels.take(id, new TunnelState.Idle(id), request)).isFalse();
        }
        assertThat(tunnels.takeForRecovery(1, random)).isZero();
    }

    @Test
    void garbageMakesNoState() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(new Ingress.ControlArrived(from(2, 1701), new ControlPacket(0, 0, 0, 0, new Hello())));
        dispatcher.accept(
                new Ingress.ControlArrived(from(2, 1701), new ControlPacket(4711, 3, 9, 9, new ZeroLengthBody())));
        dispatcher.accept(new Ingress.FrameArrived(from(2, 1701), new SessionKey(4711, 3), Bytes.ofHex("c021")));
        assertThat(told).isEmpty();
        assertThat(toldSessions).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(tunnels.count()).isZero();
        assertThat(sessions.count()).isZero();
        assertThat(tally.snapshot().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(3);
    }

    @Test
    void aNewTunnelIsRefusedWithoutStateWhileTheJournalIsGone() throws Exception {
        journalWritable = false;
        dispatcher().accept(sccrq(from(2, 1701), 77));
        StopCcn answer = lastStopCcn();
        assertThat(answer.result().code()).isEqualTo(2);
        assertThat(answer.result().errorCode()).isEqualTo(4);
        assertThat(told).isEmpty();
        assertThat(tunnels.count()).isZero();
    }

    @Test
    void aRequestWhoseTunnelCouldNotReadItsJournalIsRefusedToo() throws Exception {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        journalWritable = false;
        dispatcher.accept(sccrq(from(2, 1701), 77));
        assertThat(told).hasSize(1);
        assertThat(lastStopCcn().result().errorCode()).isEqualTo(4);
    }

    @Test
    void framesOfAKnownCallReachItsSession() {
        SessionKey key = new SessionKey(5, 6);
        sessions.expect(key, new SessionState.Idle(key));
        dispatcher().accept(new Ingress.FrameArrived(from(2, 1701), key, Bytes.ofHex("c021")));
        assertThat(toldSessions)
                .containsExactly(new ToldSession(
                        key,
                        new SessionInput.Frame(
                                Bytes.ofHex("c021"), from(2, 1701).remote())));
    }

    @Test
    void badSccrqIsAnsweredWithItsErrorAndWithoutState() throws Exception {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(new Ingress.ControlArrived(
                from(2, 1701),
                new ControlPacket(0, 0, 0, 0, new BadMessage(MessageType.SCCRQ, 99, 8, "unknown mandatory AVP"))));
        StopCcn answer = lastStopCcn();
        assertThat(answer.result().code()).isEqualTo(2);
        assertThat(answer.result().errorCode()).isEqualTo(8);
        assertThat(L2tpCodec.decode(sent.getLast(), null).tunnelId()).isEqualTo(99);
        assertThat(L2tpCodec.decode(sent.getLast(), null).nr()).isEqualTo(1);
        assertThat(tunnels.count()).isZero();
    }

    @Test
    void pitfall28_anotherVersionIsAnsweredWithStopCcnFiveAndOurVersion() throws Exception {
        dispatcher().accept(new Ingress.VersionMismatch(from(2, 1701), 12));
        assertThat(lastStopCcn().result()).isEqualTo(new ResultCode(5, 0x0100, null));
    }

    @Test
    void pitfall25_overTheLimitIsRefusedNeverSilently() throws Exception {
        PeerDispatcher dispatcher = dispatcher(new IngressLimits(100, 2, 50, 100), _ -> false);
        dispatcher.accept(sccrq(from(2, 1701), 1));
        dispatcher.accept(sccrq(from(2, 1702), 2));
        dispatcher.accept(sccrq(from(2, 1703), 3));
        assertThat(told).hasSize(2);
        assertThat(lastStopCcn().result().code()).isEqualTo(2);
        assertThat(lastStopCcn().result().errorCode()).isEqualTo(4);
        assertThat(L2tpCodec.decode(sent.getLast(), null).tunnelId()).isEqualTo(3);
    }

    @Test
    void drainingRefusesNewTunnels() throws Exception {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.drain(true);
        dispatcher.accept(sccrq(from(2, 1701), 1));
        assertThat(told).isEmpty();
        assertThat(lastStopCcn().result().errorCode()).isEqualTo(4);
    }

    @Test
    void aFloodFromOneSourceLeavesOthersAlone() {
        PeerDispatcher dispatcher = dispatcher(new IngressLimits(1_000, 1_000, 5, 1_000), _ -> false);
        for (int i = 1; i <= 100; i++) {
            dispatcher.accept(sccrq(from(2, 1701), i));
        }
        assertThat(told).hasSize(5);
        dispatcher.accept(sccrq(from(3, 1701), 1));
        assertThat(told).hasSize(6);
        now += 1_000_000_000L;
        dispatcher.accept(sccrq(from(2, 1701), 200));
        assertThat(told).hasSize(7);
    }

    /** Whoever has one IPv6 address has 2^64 of them. */
    @Test
    void anIpv6SourceIsItsFirst64Bits() throws Exception {
        PeerDispatcher dispatcher = dispatcher(new IngressLimits(1_000, 7, 5, 1_000), _ -> false);
        for (int i = 1; i <= 100; i++) {
            dispatcher.accept(sccrq(fromIpv6("2001:db8:0:1::" + Integer.toHexString(i)), i));
        }
        assertThat(told).as("SCCRQs per second").hasSize(5);
        dispatcher.accept(sccrq(fromIpv6("2001:db8:0:2::1"), 1));
        assertThat(told).hasSize(6);
        now += 1_000_000_000L;
        for (int i = 201; i <= 205; i++) {
            dispatcher.accept(sccrq(fromIpv6("2001:db8:0:1:ffff::" + i), i));
        }
        assertThat(told).as("tunnels per peer: two more").hasSize(8);
        assertThat(lastStopCcn().result().errorCode()).isEqualTo(4);
        assertThat(tunnels.countOf(fromIpv6("2001:db8:0:1::9").remote().source()))
                .isEqualTo(7);
        assertThat(tunnels.countOf(fromIpv6("2001:db8:0:2::9").remote().source()))
                .isOne();
    }

    private static PeerPath fromIpv6(String address) {
        return new PeerPath(LNS, Endpoint.of(new InetSocketAddress(address, 1701)));
    }

    @Test
    void idsWithAHistoryAreTakenLast() {
        PeerDispatcher dispatcher = dispatcher(new IngressLimits(100, 10, 50, 100), id -> id != 4_000);
        dispatcher.accept(sccrq(from(2, 1701), 1));
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().input()).isInstanceOf(TunnelInput.Received.class);
        assertThat(tunnels.find(told.getFirst().tunnelId()).state()).isInstanceOf(TunnelState.Idle.class);
    }

    @Test
    void otherMessagesWithTunnelIdReachTheTunnel() {
        PeerDispatcher dispatcher = dispatcher();
        dispatcher.accept(sccrq(from(2, 1701), 77));
        int tunnelId = told.getFirst().tunnelId();
        ControlMessage hello = new Hello();
        dispatcher.accept(new Ingress.ControlArrived(from(2, 1701), new ControlPacket(tunnelId, 0, 1, 1, hello)));
        assertThat(told.getLast())
                .isEqualTo(new Told(
                        tunnelId,
                        new TunnelInput.Received(from(2, 1701), new ControlPacket(tunnelId, 0, 1, 1, hello))));
    }
}
