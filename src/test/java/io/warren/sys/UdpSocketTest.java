package io.warren.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UdpSocketTest {
    private static final long LOOPBACK = AddressBits.ofIpv4(0x7f00_0001);

    private static UdpSocket bind(String host) throws IOException {
        return UdpSocket.bind(new InetSocketAddress(host, 0), 1 << 20, 1 << 20);
    }

    private static void put(PacketBuffers batch, int slot, int headroom, byte[] octets) {
        long start = batch.origin(slot) - headroom;
        MemorySegment.copy(octets, 0, batch.memory(), ValueLayout.JAVA_BYTE, start, octets.length);
        batch.setPacket(slot, start, octets.length);
    }

    private static byte[] get(PacketBuffers batch, int slot) {
        return batch.memory().asSlice(batch.start(slot), batch.length(slot)).toArray(ValueLayout.JAVA_BYTE);
    }

    private static int receiveAll(UdpSocket socket, PacketBuffers batch, int expected) throws IOException {
        int count = 0;
        for (int round = 0; round < 20 && count == 0; round++) {
            count = socket.receive(batch);
        }
        assertThat(count).isEqualTo(expected);
        return count;
    }

    /** The same batches again and again, with more and with fewer packets: nothing of an earlier round remains. */
    @Test
    void batchesArriveWithBothAddressesRoundAfterRound() throws IOException {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        try (UdpSocket from = bind("127.0.0.1");
                UdpSocket to = bind("0.0.0.0")) {
            PacketBuffers out = new PacketBuffers(8, 32, 512);
            PacketBuffers in = new PacketBuffers(8, 16, 512);
            assertThat(to.wildcard()).isTrue();
            for (int round = 0; round < 50; round++) {
                int count = 1 + random.nextInt(8);
                long local = AddressBits.ofIpv4(0x7f00_0000 | 1 + random.nextInt(1_000));
                byte[][] packets = new byte[count][];
                for (int slot = 0; slot < count; slot++) {
                    packets[slot] = new byte[random.nextInt(512)];
                    random.nextBytes(packets[slot]);
                    put(out, slot, random.nextInt(32), packets[slot]);
                    out.setRemote(slot, 0, local, to.localAddress().getPort());
                    out.setLocal(slot, 0, LOOPBACK);
                }
                assertThat(from.send(out, 0, count)).isEqualTo(count);
                receiveAll(to, in, count);
                for (int slot = 0; slot < count; slot++) {
                    assertThat(get(in, slot)).as("seed %d", seed).isEqualTo(packets[slot]);
                    assertThat(in.start(slot)).isEqualTo(in.origin(slot));
                    assertThat(in.truncated(slot)).isFalse();
                    assertThat(in.localLow(slot)).isEqualTo(local);
                    assertThat(in.remoteLow(slot)).isEqualTo(LOOPBACK);
                    assertThat(in.remotePort(slot))
                            .isEqualTo(from.localAddress().getPort());
                }
            }
        }
    }

    @Test
    void aDatagramThatIsTooLongIsMarked() throws IOException {
        try (UdpSocket from = bind("127.0.0.1");
                UdpSocket to = bind("127.0.0.1")) {
            PacketBuffers in = new PacketBuffers(2, 0, 64);
            int port = to.localAddress().getPort();
            assertThat(from.sendNow(new byte[65], 0, 0, 0, LOOPBACK, port)).isTrue();
            receiveAll(to, in, 1);
            assertThat(in.truncated(0)).isTrue();
            assertThat(from.sendNow(new byte[64], 0, 0, 0, LOOPBACK, port)).isTrue();
            receiveAll(to, in, 1);
            assertThat(in.truncated(0)).isFalse();
        }
    }

    @Test
    void comesBackWhenNothingArrives() throws IOException {
        try (UdpSocket socket = bind("127.0.0.1")) {
            assertThat(socket.receive(new PacketBuffers(1, 0, 64))).isZero();
        }
    }

    @Test
    void tellsWhichBuffersWereGranted() throws IOException {
        try (UdpSocket socket = bind("127.0.0.1")) {
            assertThat(socket.receiveBuffer()).isPositive();
            assertThat(socket.sendBuffer()).isPositive();
        }
    }

    @Test
    void sendsNothingAfterClosing() throws IOException {
        UdpSocket socket = bind("127.0.0.1");
        socket.close();
        socket.close();
        assertThat(socket.sendNow(new byte[1], 0, 0, 0, LOOPBACK, 9)).isFalse();
    }

    @Test
    void ipv6IsRefusedInWords() {
        assertThatThrownBy(() -> bind("::1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("only IPv4 addresses are supported");
    }

    @Test
    void aPacketMustLieInItsSlot() {
        PacketBuffers batch = new PacketBuffers(2, 16, 48);
        assertThatThrownBy(() -> batch.setPacket(0, 1, 64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> batch.setPacket(1, 0, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void addressesSurviveTheWayThroughLongs() throws IOException {
        for (String text : new String[] {"0.0.0.0", "255.255.255.255", "192.0.2.1", "2001:db8::ff:1", "::1"}) {
            byte[] address = Arrays.stream(InetAddress.getAllByName(text))
                    .findFirst()
                    .orElseThrow()
                    .getAddress();
            assertThat(AddressBits.toBytes(AddressBits.high(address), AddressBits.low(address)))
                    .isEqualTo(address);
        }
    }
}
