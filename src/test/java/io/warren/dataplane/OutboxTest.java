package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    private static final int PEERS = 5;

    private final Drops drops = new Drops(() -> 0);
    private final BuildSpace space = new BuildSpace(1 << 22);
    private final List<DatagramSocket> peers = new ArrayList<>();
    private final List<Slot> calls = new ArrayList<>();
    private UdpSocket socket;

    /** What the peers and we speak between. */
    String loopback() {
        return "127.0.0.1";
    }

    @BeforeEach
    void open() throws IOException {
        InetAddress loopback = InetAddress.getByName(loopback());
        socket = UdpSocket.bind(new InetSocketAddress(loopback, 0), 1 << 20, 8 << 20);
        ForwardingTable table = new ForwardingTable(local -> 0, 1_500);
        for (int index = 0; index < PEERS; index++) {
            DatagramSocket peer = new DatagramSocket(null);
            peer.setReceiveBufferSize(8 << 20);
            peer.bind(new InetSocketAddress(loopback, 0));
            peer.setSoTimeout(2_000);
            peers.add(peer);
            int port = socket.localAddress().getPort();
            PeerPath path = Samples.path(loopback(), port, loopback(), peer.getLocalPort());
            SessionKey key = new SessionKey(index + 1, 1);
            table.install(Samples.entry(key.tunnelId(), 1, 100 + index, path, 1_400));
            calls.add(table.up(ForwardingTable.key(key)));
        }
    }

    @AfterEach
    void close() {
        peers.forEach(DatagramSocket::close);
        socket.close();
    }

    /** Sizes come in runs, so that some leave as one; what the loopback's MTU or the kernel refuses leaves singly. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyPeerGetsHisPacketsInOrderAndUnchanged(boolean segment) throws IOException {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Outbox outbox = new Outbox(new Sockets(List.of(socket), 1, drops, PacketListener.NONE), 0, drops, segment);
        for (int round = 0; round < 30; round++) {
            List<List<byte[]>> sent = new ArrayList<>();
            for (int peer = 0; peer < PEERS; peer++) {
                sent.add(new ArrayList<>());
            }
            int size = 100;
            for (int packet = 0; packet < 200; packet++) {
                if (random.nextInt(8) == 0) {
                    size = random.nextInt(1, 1_500);
                }
                int peer = random.nextInt(PEERS);
                byte[] octets = new byte[size];
                random.nextBytes(octets);
                sent.get(peer).add(octets);
                long at = space.take(size);
                MemorySegment.copy(MemorySegment.ofArray(octets), 0, space.memory(), at, size);
                outbox.add(calls.get(peer), space.memory(), at, size, random.nextInt(50) == 0 ? 0xb8 : 0);
            }
            outbox.flush();
            space.clear();
            for (int peer = 0; peer < PEERS; peer++) {
                for (byte[] expected : sent.get(peer)) {
                    DatagramPacket arrived = new DatagramPacket(new byte[2_000], 2_000);
                    peers.get(peer).receive(arrived);
                    assertThat(Arrays.copyOf(arrived.getData(), arrived.getLength()))
                            .as("seed %d", seed)
                            .isEqualTo(expected);
                }
            }
        }
        assertThat(drops.count(DropReason.SEND_FAILED)).isZero();
    }
}
