package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a packet from a peer costs that lands on its call's node, and one that lands on another: all of the way between
 * two nodes on loopback, system calls included, on one processor. The difference is a hop.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RelayBenchmark {
    private static final int BATCH = 64;
    private static final int SUBSCRIBER = 0x0a40_0009;
    private static final int TUNNEL = 0x0301;
    private static final int SESSION = 9;
    private static final int PEER_PORT = 40_000;

    /** Octets of the IP packet. */
    @Param({"64", "1400"})
    public int size;

    private @Nullable RelayedNode owner;
    private @Nullable RelayedNode other;

    @Setup
    public void open() throws IOException {
        RelayedNode home = new RelayedNode("127.0.1.1", 0, "a secret");
        RelayedNode elsewhere = new RelayedNode("127.0.1.2", 0, "a secret");
        RelayedNode.place(
                List.of(home, elsewhere),
                Map.of(TUNNEL >> 8, new Placement.Shard(home.relay(), null)),
                Map.of(SUBSCRIBER, TUNNEL >> 8),
                Map.of());
        Endpoint peer = RelayedNode.peerAt(PEER_PORT);
        home.table.install(Samples.entry(TUNNEL, SESSION, SUBSCRIBER, new PeerPath(home.local(), peer), 1_500));
        for (RelayedNode node : List.of(home, elsewhere)) {
            node.keepNothing();
            for (int slot = 0; slot < BATCH; slot++) {
                node.upLater(slot, peer, datagram(size));
            }
        }
        owner = home;
        other = elsewhere;
    }

    /** L2TP and PPP headers, and a UDP packet. */
    private static byte[] datagram(int size) {
        byte[] packet = Samples.udpPacket(SUBSCRIBER, Samples.address("192.0.2.1"), size - 20);
        return Samples.data(0, TUNNEL, SESSION, 0, Samples.concat(Samples.hex("ff030021"), packet));
    }

    @TearDown
    public void close() {
        Objects.requireNonNull(owner).close();
        Objects.requireNonNull(other).close();
    }

    /** The peer's packet landed on its call's node. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int direct() {
        return Objects.requireNonNull(owner).uplink.handle(BATCH, System.nanoTime());
    }

    /** It landed on another, which relays it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int relayed() throws IOException {
        RelayedNode from = Objects.requireNonNull(other);
        RelayedNode to = Objects.requireNonNull(owner);
        from.hearAll();
        from.uplink.handle(BATCH, System.nanoTime());
        int packets = 0;
        while (packets < BATCH) {
            packets += to.relayed.handle(to.socket.receive(to.arrived), System.nanoTime());
        }
        return packets;
    }
}
