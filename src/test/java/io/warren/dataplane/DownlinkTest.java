package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DownlinkTest extends HandFedForwarding {
    private static final SessionKey KEY = new SessionKey(1, 1);
    private static final int BATCHES = 1_000;
    private static final int BATCH = 64;

    DownlinkTest() {
        super(DataPlaneSettings.Forwarding.DEFAULT, () -> 0, 1, null);
    }

    private ForwardingEntry routed(Cidr network) {
        return new ForwardingEntry(
                KEY,
                path(),
                1,
                1,
                address("10.64.0.9"),
                1_400,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE,
                null,
                null,
                List.of(),
                List.of(network),
                null);
    }

    /** Packets are steered to threads by their destination, of which such a call has many. */
    @Test
    void noPacketToANetworkIsMissedInTheCountThoughSeveralThreadsSend() throws InterruptedException {
        table.install(routed(Cidr.parse("10.9.0.0/24")));
        Sockets sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
        List<Thread> threads = Stream.generate(() -> new Thread(() -> sendAll(sockets)))
                .limit(2)
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(table.counters(KEY).downPackets()).isEqualTo(2L * BATCH * BATCHES);
    }

    private void sendAll(Sockets sockets) {
        DataPlaneSettings.Forwarding forwarding = DataPlaneSettings.Forwarding.DEFAULT;
        Outbox outbox = new Outbox(sockets, 0, drops, true);
        Downlink own = new Downlink(table, outbox, drops, forwarding, Samples.GATEWAY, null);
        byte[] packet = Samples.udpPacket(address("192.0.2.1"), address("10.9.0.200"), 64);
        BuildSpace space = new BuildSpace(1 << 16);
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int index = 0; index < BATCH; index++) {
                long at = space.take(packet.length);
                MemorySegment.copy(MemorySegment.ofArray(packet), 0, space.memory(), at, packet.length);
                own.send(space.memory(), at, packet.length, 0);
            }
            own.discard();
            space.clear();
        }
    }
}
