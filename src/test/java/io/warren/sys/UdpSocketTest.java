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

    private static final String[] BOTH = {"127.0.0.1", "::1"};

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

    /** Batches and single datagrams, gathered and not, with and without an address of ours. */
    @Test
    void ipv6ArrivesWithBothAddressesAndLeavesWithTheOneThatWasToldRoundAfterRound() throws IOException {
        try (UdpSocket from = bind("::1");
                UdpSocket to = bind("::")) {
            assertThat(to.ipv6()).isTrue();
            assertThat(to.wildcard()).isTrue();
            int port = to.localAddress().getPort();
            PacketBuffers out = new PacketBuffers(4, 0, 512);
            PacketBuffers in = new PacketBuffers(4, 0, 512);
            SendMessages messages = new SendMessages(2);
            for (int round = 0; round < 10; round++) {
                put(out, 0, 0, new byte[] {1, (byte) round});
                out.setRemote(0, 0, 1, port);
                out.setLocal(0, 0, 1);
                assertThat(from.send(out, 0, 1)).isOne();
                receiveAll(to, in, 1);
                assertThat(get(in, 0)).containsExactly(1, round);
                assertFromLoopback(in, from);

                messages.begin(0, 0, 1, port, 0, round % 2, round == 2 ? 0xb8 : 0);
                messages.add(0, out.memory(), out.start(0), 2);
                messages.finish(0);
                assertThat(from.send(messages, 0, 1)).isOne();
                receiveAll(to, in, 1);
                assertFromLoopback(in, from);

                assertThat(from.sendNow(new byte[] {3}, 0, 0, 0, 1, port)).isTrue();
                receiveAll(to, in, 1);
                assertFromLoopback(in, from);

                PacketBuffers back = new PacketBuffers(1, 0, 512);
                int peer = from.localAddress().getPort();
                assertThat(to.sendNow(new byte[] {4}, in.localHigh(0), in.localLow(0), 0, 1, peer))
                        .isTrue();
                receiveAll(from, back, 1);
                assertThat(back.remotePort(0)).isEqualTo(port);
                assertThat(back.localLow(0)).as("bound to one address").isZero();
            }
        }
    }

    private static void assertFromLoopback(PacketBuffers in, UdpSocket from) {
        assertThat(in.remoteHigh(0)).isZero();
        assertThat(in.remoteLow(0)).isOne();
        assertThat(in.remotePort(0)).isEqualTo(from.localAddress().getPort());
        assertThat(in.localHigh(0)).isZero();
        assertThat(in.localLow(0)).isOne();
    }

    @Test
    void manyDatagramsLeaveAndArriveAsOneOverIpv6() throws IOException {
        UdpSocket.Options options = new UdpSocket.Options(1 << 20, 1 << 20, false, true);
        try (UdpSocket from = bind("::1");
                UdpSocket to = UdpSocket.bind(new InetSocketAddress("::", 0), options)) {
            SendMessages messages = new SendMessages(2);
            PacketBuffers out = new PacketBuffers(1, 0, 512);
            put(out, 0, 0, new byte[100]);
            messages.begin(0, 0, 1, to.localAddress().getPort(), 0, 1, 0xb8);
            for (int datagram = 0; datagram < 5; datagram++) {
                messages.add(0, out.memory(), out.start(0), 100);
            }
            messages.finish(0);
            assertThat(from.canSegment()).isTrue();
            assertThat(from.send(messages, 0, 1)).isOne();
            PacketBuffers in = new PacketBuffers(8, 0, 65_535);
            receiveAll(to, in, 1);
            assertThat(in.length(0)).isEqualTo(500);
            assertThat(in.segmentSize(0)).isEqualTo(100);
            assertThat(in.localLow(0)).as("beside the size of the datagrams").isOne();

            messages.single(0, 3, 1);
            assertThat(from.send(messages, 1, 2)).isOne();
            receiveAll(to, in, 1);
            assertThat(in.length(0)).isEqualTo(100);
            assertThat(in.segmentSize(0)).isZero();
        }
    }

    @Test
    void bothFamiliesMayHaveOnePort() throws IOException {
        try (UdpSocket ipv6 = bind("::")) {
            int port = ipv6.localAddress().getPort();
            try (UdpSocket ipv4 = UdpSocket.bind(new InetSocketAddress("0.0.0.0", port), 1 << 20, 1 << 20);
                    UdpSocket from = bind("127.0.0.1")) {
                assertThat(from.sendNow(new byte[1], 0, 0, 0, LOOPBACK, port)).isTrue();
                receiveAll(ipv4, new PacketBuffers(1, 0, 64), 1);
                assertThat(ipv6.awaitReadable(0)).isFalse();
            }
        }
    }

    @Test
    void aReceiverOfTheOtherFamilyIsRefusedAndDoesNoHarm() throws IOException {
        try (UdpSocket ipv4 = bind("127.0.0.1");
                UdpSocket ipv6 = bind("::1")) {
            assertThat(ipv4.sendNow(new byte[1], 0, 0, 0, 1, ipv6.localAddress().getPort()))
                    .isFalse();
            assertThat(ipv6.sendNow(
                            new byte[1], 0, 0, 0, LOOPBACK, ipv4.localAddress().getPort()))
                    .isFalse();
        }
    }

    /** The answer is an ICMP message of either kind. */
    @Test
    void nobodyAtThePeersPortDoesNoHarm() throws IOException {
        for (String host : BOTH) {
            int free;
            try (UdpSocket gone = bind(host)) {
                free = gone.localAddress().getPort();
            }
            try (UdpSocket socket = bind(host)) {
                long low = AddressBits.low(InetAddress.getByName(host).getAddress());
                for (int round = 0; round < 3; round++) {
                    assertThat(socket.sendNow(new byte[1], 0, 0, 0, low, free)).isTrue();
                    assertThat(socket.receive(new PacketBuffers(1, 0, 64))).isZero();
                }
            }
        }
    }

    @Test
    void theLinksMtuIsThePaths() throws IOException {
        for (String host : BOTH) {
            long low = AddressBits.low(InetAddress.getByName(host).getAddress());
            assertThat(UdpSocket.pathMtu(0, low, 1_701)).as(host).isBetween(65_535, 65_536);
        }
    }

    @Test
    void anAddressOfOneLinkIsRefusedInWords() {
        assertThatThrownBy(() -> bind("fe80::1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a link-local address does not tell its link");
    }

    @Test
    void anAddressOfNobodyIsRefusedInWords() {
        assertThatThrownBy(() -> bind("2001:db8::1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on [2001:db8:0:0:0:0:0:1]:0")
                .hasMessageContaining("or listen on [::]");
    }

    @Test
    void aPacketMustLieInItsSlot() {
        PacketBuffers batch = new PacketBuffers(2, 16, 48);
        assertThatThrownBy(() -> batch.setPacket(0, 1, 64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> batch.setPacket(1, 0, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void someAddressesAreSpecial() {
        assertThat(AddressBits.isUnspecified(0, 0)).isTrue();
        assertThat(AddressBits.isLinkLocal(0xfe80L << 48)).isTrue();
        assertThat(AddressBits.isLinkLocal(0xfebfL << 48)).isTrue();
        assertThat(AddressBits.isLinkLocal(0xfec0L << 48)).isFalse();
        assertThat(AddressBits.isLinkLocal(0xfe7fL << 48)).isFalse();
    }

    @Test
    void addressesSurviveTheWayThroughLongs() throws IOException {
        for (String text : new String[] {"0.0.0.0", "255.255.255.255", "192.0.2.1", "2001:db8::ff:1", "::1"}) {
            byte[] address = Arrays.stream(InetAddress.getAllByName(text))
                    .findFirst()
                    .orElseThrow()
                    .getAddress();
            long high = AddressBits.high(address);
            long low = AddressBits.low(address);
            assertThat(AddressBits.toBytes(high, low)).isEqualTo(address);
            assertThat(AddressBits.isIpv4(high, low)).as(text).isEqualTo(address.length == 4);
            assertThat(AddressBits.isUnspecified(high, low)).as(text).isEqualTo(text.equals("0.0.0.0"));
            assertThat(AddressBits.isLinkLocal(high)).as(text).isFalse();
        }
    }
}
