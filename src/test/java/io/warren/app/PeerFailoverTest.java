package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.warren.config.SettingsReader;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ChallengeResponse;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Fsq;
import io.warren.wire.l2tp.ControlMessage.Fsr;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import io.warren.wire.l2tp.ControlMessage.Icrq;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ControlSequence;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.FailoverSessionState;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node, and a LAC that fails and recovers its tunnel by RFC 4951, over loopback. */
final class PeerFailoverTest {
    private static final int OLD = 900;
    private static final int RECOVERY = 901;
    private static final TunnelSecret SECRET = TunnelSecret.of("s3cret");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private @Nullable Node node;

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.stop();
            node.awaitTermination();
        }
    }

    private Node start(int port) throws Exception {
        Files.writeString(directory.resolve("users"), "alice * wonderland *\n");
        Node started = Node.start(SettingsReader.read(ConfigFactory.parseString("""
                        warren {
                          listen = ["127.0.0.1:%d"]
                          tunnel-secret = s3cret
                          tun.name = off
                          users-file = "users"
                          data-dir = "data"
                        }
                        akka.management.http.port = 0
                        """.formatted(port)), directory));
        node = started;
        return started;
    }

    @Test
    void tunnelIsRecovered() throws Exception {
        recover(false);
    }

    @Test
    void tunnelIsRecoveredOverARestartOfOurs() throws Exception {
        recover(true);
    }

    /** Free, and of none that the kernel would give to somebody else while the node restarts. */
    private static int lastingPort() throws IOException {
        for (int tries = 0; ; tries++) {
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(),
                    10_000 + ThreadLocalRandom.current().nextInt(20_000)))) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                if (tries == 10) {
                    throw taken;
                }
            }
        }
    }

    private void recover(boolean restart) throws Exception {
        int port = lastingPort();
        Node running = start(port);
        try (Lac lac = new Lac(port)) {
            lac.send(0, 0, 0, 0, sccrq(OLD, new FailoverCapability(true, true, 60_000), null));
            ControlPacket answer = lac.next(OLD, Sccrp.class::isInstance);
            Sccrp sccrp = (Sccrp) answer.body();
            int tunnelId = sccrp.assignedTunnelId();
            assertThat(sccrp.failoverCapability()).isNotNull();
            lac.send(tunnelId, 0, 1, 1, scccn(sccrp));
            lac.send(tunnelId, 0, 2, 1, new Icrq(31, 1, null, null, null, null, null, AccessLine.NONE, List.of()));
            Icrp icrp = (Icrp) lac.next(OLD, Icrp.class::isInstance).body();
            lac.send(
                    tunnelId,
                    icrp.assignedSessionId(),
                    3,
                    2,
                    new ControlMessage.Iccn(
                            1, 1, null, null, null, null, null, null, false, AccessLine.NONE, List.of()));
            lac.next(OLD, body -> body instanceof ZeroLengthBody);

            lac.send(0, 0, 0, 0, sccrq(RECOVERY, null, new TunnelRecovery(OLD, tunnelId)));
            Sccrp offer = (Sccrp) lac.next(RECOVERY, Sccrp.class::isInstance).body();
            if (restart) {
                running.stop();
                running.awaitTermination();
                start(port);
                assertThat(lac.next(RECOVERY, Sccrp.class::isInstance).body()).isEqualTo(offer);
            }
            ControlSequence suggested = offer.suggestedSequence();
            assertThat(suggested).isNotNull();
            lac.send(offer.assignedTunnelId(), 0, 1, 1, scccn(offer));
            ControlPacket query = lac.next(OLD, Fsq.class::isInstance);
            assertThat(query.ns()).isEqualTo(suggested.nr());
            assertThat(query.nr()).isEqualTo(suggested.ns());
            assertThat(((Fsq) query.body()).sessions())
                    .containsExactly(new FailoverSessionState(icrp.assignedSessionId(), 31));
            int nr = (suggested.nr() + 1) & 0xffff;
            lac.send(
                    tunnelId,
                    0,
                    suggested.ns(),
                    nr,
                    new Fsq(List.of(new FailoverSessionState(31, icrp.assignedSessionId())), List.of()));
            assertThat(((Fsr) lac.next(OLD, Fsr.class::isInstance).body()).sessions())
                    .containsExactly(new FailoverSessionState(icrp.assignedSessionId(), 31));
            lac.send(offer.assignedTunnelId(), 0, 2, 1, new StopCcn(RECOVERY, ResultCode.of(1), List.of()));
            assertThat(lac.next(RECOVERY, ZeroLengthBody.class::isInstance).nr())
                    .isBetween(2, 3);
        }
    }

    private static Sccrq sccrq(
            int assignedTunnelId, @Nullable FailoverCapability capability, @Nullable TunnelRecovery recovery) {
        return new Sccrq(
                0x0100, "lac", 3, assignedTunnelId, null, 16, null, null, null, null, capability, recovery, List.of());
    }

    private static Scccn scccn(Sccrp sccrp) {
        Bytes challenge = sccrp.challenge();
        assertThat(challenge).isNotNull();
        return new Scccn(ChallengeResponse.compute(MessageType.SCCCN, SECRET, challenge), List.of());
    }

    /** Sends what it is told, and looks at what comes back; lost packets there are none. */
    private static final class Lac implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

        Lac(int port) throws Exception {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(20_000);
        }

        void send(int tunnelId, int sessionId, int ns, int nr, ControlMessage message) throws Exception {
            byte[] datagram = L2tpCodec.frame(tunnelId, sessionId, ns, nr, L2tpCodec.encodeBody(message, null))
                    .toByteArray();
            socket.send(new DatagramPacket(datagram, datagram.length));
        }

        /** The next packet for this tunnel of ours that is of this kind; others are passed over. */
        ControlPacket next(int tunnelId, Predicate<ControlBody> wanted) throws Exception {
            byte[] buffer = new byte[2_048];
            while (true) {
                DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
                try {
                    socket.receive(datagram);
                } catch (java.net.PortUnreachableException e) {
                    continue;
                }
                byte[] octets = Arrays.copyOf(buffer, datagram.getLength());
                if ((octets[0] & 0x80) == 0) {
                    continue;
                }
                ControlPacket packet = L2tpCodec.decode(octets, SECRET);
                if (packet.tunnelId() == tunnelId && wanted.test(packet.body())) {
                    return packet;
                }
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
