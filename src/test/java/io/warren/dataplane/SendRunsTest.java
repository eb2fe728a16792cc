package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.warren.config.Ipv6;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendRunsTest {
    private static final int DATAGRAMS = 8;
    private static final int OCTETS = 1_000;

    private static final Ipv6 LOOPBACK = Ipv6.parse("::1");

    /** Nobody's; of IPv6 it is that the kernel says EINVAL to such an address, as it does to lengths. */
    private static final Ipv6 GONE = Ipv6.parse("2001:db8::7");

    private final Drops drops = new Drops(() -> 0);
    private final BuildSpace space = new BuildSpace(1 << 16);
    private final PacketBuffers arrived = new PacketBuffers(DATAGRAMS, 0, 65_535);
    private int lost;
    private UdpSocket sender;
    private UdpSocket receiver;
    private SendRuns runs;

    @BeforeEach
    void open() throws IOException {
        InetSocketAddress any = new InetSocketAddress("::1", 0);
        sender = UdpSocket.bind(any, 1 << 20, 1 << 20);
        receiver = UdpSocket.bind(any, new UdpSocket.Options(1 << 20, 1 << 20, false, true));
        runs = new SendRuns(_ -> sender, drops, true, false);
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
    }

    private void send(Ipv6 local) {
        for (int datagram = 0; datagram < DATAGRAMS; datagram++) {
            long at = space.take(OCTETS);
            MemorySegment memory = space.memory();
            runs.add(
                    LOOPBACK.high(),
                    LOOPBACK.low(),
                    receiver.localAddress().getPort(),
                    local.high(),
                    local.low(),
                    0,
                    1,
                    0,
                    (_, _) -> lost++,
                    memory,
                    at,
                    OCTETS);
        }
        runs.flush();
        space.clear();
    }

    @Test
    void anAddressThatIsGoneDoesNotEndTheCuttingByTheKernel() throws IOException {
        assumeTrue(sender.canSegment() && receiver.coalesced(), "the kernel cuts and joins");
        send(GONE);
        assertThat(lost).isEqualTo(DATAGRAMS);
        send(LOOPBACK);
        assertThat(receiver.awaitReadable(2_000)).isTrue();
        assertThat(receiver.receive(arrived)).as("all in one").isOne();
        assertThat(lost).isEqualTo(DATAGRAMS);
    }
}
