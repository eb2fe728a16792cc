package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay that is told nonsense, and one that has much to do. */
class HostileRelayTest {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final SessionKey KEY = new SessionKey(0x0301, 9);
    private static final byte[] DATA = Samples.data(
            0,
            KEY.tunnelId(),
            KEY.sessionId(),
            0,
            concat(hex("ff030021"), Samples.udpPacket(SUBSCRIBER, address("192.0.2.1"), 100)));

    private static final int PACKETS = 1_000;

    private RelayedNode owner;
    private RelayedNode other;

    private Endpoint peer;

    /** Whether the peer speaks IPv6. */
    boolean ipv6() {
        return false;
    }

    @BeforeEach
    void open() throws IOException {
        peer = Samples.endpoint(ipv6() ? "::1" : "127.0.0.1", 40_000);
        owner = new RelayedNode("127.0.1.1", ipv6() ? "::1" : "127.0.1.1", 0, "a secret");
        other = new RelayedNode("127.0.1.2", ipv6() ? "::1" : "127.0.1.2", 0, "a secret");
        RelayedNode.place(
                List.of(owner, other),
                Map.of(3, new Placement.Shard(owner.relay(), null), 4, new Placement.Shard(other.relay(), null)),
                Map.of(SUBSCRIBER, 3),
                Map.of(owner.local(), owner.relay(), other.local(), other.relay()));
        owner.table.install(
                Samples.entry(KEY.tunnelId(), KEY.sessionId(), SUBSCRIBER, new PeerPath(owner.local(), peer), 1_400));
    }

    @AfterEach
    void close() {
        owner.close();
        other.close();
    }

    private int up() {
        return RelayHeader.kind(RelayHeader.UP, ipv6());
    }

    private byte[] relayed(int kind, int hops, byte[] packet) {
        int header = RelayHeader.length(kind);
        byte[] datagram = new byte[header + packet.length];
        long cookie = RelayCookie.of(new Secret("a secret"), other.relay(), owner.relay());
        OuterPath path = OuterPath.of(new PeerPath(other.local(), peer));
        RelayHeader.put(MemorySegment.ofArray(datagram), 0, kind, hops, path, 0, cookie);
        System.arraycopy(packet, 0, datagram, header, packet.length);
        return datagram;
    }

    @Test
    void onlyTheRightCookieFromTheRightRelayIsBelieved() {
        byte[] good = relayed(up(), 1, DATA);
        owner.relayed(other.relay(), good);
        assertThat(owner.network).hasSize(1);
        owner.relayed(RelayedNode.peerAt(other.relay().port()), good);
        owner.relayed(new Endpoint(other.relay().address(), other.relay().port() ^ 1), good);
        assertThat(owner.drops.count(DropReason.UNKNOWN_RELAY)).isEqualTo(2);
        for (int bit = 0; bit < 64; bit++) {
            byte[] wrong = Arrays.copyOf(good, good.length);
            wrong[16 + bit / 8] ^= (byte) (1 << bit % 8);
            owner.relayed(other.relay(), wrong);
        }
        assertThat(owner.drops.count(DropReason.WRONG_COOKIE)).isEqualTo(64);
        assertThat(owner.network).hasSize(1);
    }

    @Test
    void aCookieIsOfNoUseTheOtherWayRound() {
        byte[] good = relayed(up(), 1, DATA);
        long reflected = RelayCookie.of(new Secret("a secret"), owner.relay(), other.relay());
        ByteBuffer.wrap(good).putLong(16, reflected);
        owner.relayed(other.relay(), good);
        assertThat(owner.drops.count(DropReason.WRONG_COOKIE)).isOne();
    }

    @Test
    void headersThatMakeNoSenseAreCounted() {
        owner.relayed(other.relay(), new byte[0]);
        owner.relayed(other.relay(), Arrays.copyOf(relayed(up(), 1, DATA), 23));
        owner.relayed(other.relay(), relayed(0, 1, DATA));
        owner.relayed(other.relay(), relayed(RelayHeader.KINDS, 1, DATA));
        owner.relayed(other.relay(), relayed(up(), 0, DATA));
        owner.relayed(other.relay(), relayed(up(), 3, DATA));
        owner.relayed(other.relay(), Arrays.copyOf(relayed(RelayHeader.UP_IPV6, 1, DATA), 55));
        owner.relayed(other.relay(), Arrays.copyOf(relayed(RelayHeader.SEND_IPV6, 1, DATA), 24));
        assertThat(owner.drops.count(DropReason.BAD_RELAY_HEADER)).isEqualTo(8);
        owner.relayed(other.relay(), relayed(up(), 1, new byte[0]));
        assertThat(owner.drops.count(DropReason.SHORT_HEADER)).isOne();
    }

    @Test
    void anyOctetsAreSurvived() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        long cookie = RelayCookie.of(new Secret("a secret"), other.relay(), owner.relay());
        byte[] answer = Samples.udpPacket(address("192.0.2.1"), SUBSCRIBER, 40);
        for (int round = 0; round < 30_000; round++) {
            byte[] inner =
                    random.nextBoolean() ? DATA : random.nextBoolean() ? answer : Samples.randomBytes(random, 60);
            byte[] datagram = relayed(random.nextInt(10), random.nextInt(4), inner);
            datagram = Arrays.copyOf(datagram, random.nextInt(datagram.length + 1));
            for (int flips = random.nextInt(4); flips > 0 && datagram.length > 0; flips--) {
                datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (datagram.length >= RelayHeader.LENGTH && random.nextInt(8) != 0) {
                ByteBuffer.wrap(datagram).putLong(16, cookie);
            }
            owner.relayed(other.relay(), datagram);
        }
        owner.network.clear();
        owner.relayed(other.relay(), relayed(up(), 1, DATA));
        assertThat(owner.network).as("seed %d", seed).hasSize(1);
    }

    /** Neither where a packet is relayed nor where it arrives, up and down. */
    @Test
    void nothingIsAllocatedForARelayedPacket() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] answer = Samples.udpPacket(address("192.0.2.1"), SUBSCRIBER, 40);
        owner.keepNothing();
        other.pump();
        long least = Long.MAX_VALUE;
        // System calls allocate until they are compiled.
        for (int round = 0; round < 200 && least > PACKETS; round++) {
            long spent = 0;
            for (int packet = 0; packet < PACKETS; packet++) {
                owner.hearAll();
                other.hearAll();
                other.upLater(0, peer, DATA);
                long now = System.nanoTime();
                long before = threads.getCurrentThreadAllocatedBytes();
                other.uplink.handle(1, now);
                spent += threads.getCurrentThreadAllocatedBytes() - before;
                int count = owner.socket.receive(owner.arrived);
                before = threads.getCurrentThreadAllocatedBytes();
                owner.relayed.handle(count, now);
                spent += threads.getCurrentThreadAllocatedBytes() - before;
                byte[] down = relayed(RelayHeader.DOWN, 1, answer);
                MemorySegment.copy(
                        MemorySegment.ofArray(down), 0, owner.arrived.memory(), owner.arrived.origin(0), down.length);
                owner.arrived.setPacket(0, owner.arrived.origin(0), down.length);
                before = threads.getCurrentThreadAllocatedBytes();
                owner.relayed.handle(1, now);
                spent += threads.getCurrentThreadAllocatedBytes() - before;
            }
            least = Math.min(least, spent);
        }
        assertThat(least).as("octets allocated, packets up and down").isLessThan(PACKETS);
        assertThat(owner.table.counters(KEY).upPackets()).isGreaterThan(PACKETS / 2);
    }
}
