package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link Uplink} and {@link Downlink}, fed by hand. */
class ForwardingLoopTest extends HandFedForwarding {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int SERVER = address("192.0.2.1");
    private static final SessionKey KEY = new SessionKey(7, 9);

    ForwardingLoopTest() {
        super(DataPlaneSettings.Forwarding.DEFAULT, System::nanoTime, 4, null);
    }

    void install(int peerMru, boolean compressed, boolean sequence) {
        table.install(new ForwardingEntry(
                KEY,
                path(),
                0x1234,
                0x5678,
                SUBSCRIBER,
                peerMru,
                compressed,
                compressed,
                sequence,
                false,
                TrafficLimits.NONE));
    }

    private void up(byte[] datagram) {
        arrive(datagram, 0);
    }

    /** Control packets that wait. */
    int punted() {
        List<PuntQueues.ControlDatagram> waiting = new ArrayList<>();
        punts.drainControl(waiting);
        return waiting.size();
    }

    @Test
    void everyFormOfDataReachesTheNetworkUnchanged() {
        install(1_400, false, false);
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, 100);
        for (String ppp : List.of("ff030021", "ff0321", "0021", "21")) {
            for (int flags : new int[] {0, 0x4000, 0x0800, 0x0200, 0x0100, 0x4b00}) {
                network.clear();
                up(Samples.data(flags, 7, 9, (flags & 0x0200) != 0 ? 3 : 0, concat(hex(ppp), packet)));
                assertThat(network).as("%s %04x", ppp, flags).hasSize(1);
                assertThat(network.getFirst()).isEqualTo(packet);
            }
        }
        assertThat(table.counters(KEY).upPackets()).isEqualTo(24);
        assertThat(table.counters(KEY).upOctets()).isEqualTo(24L * packet.length);
    }

    @Test
    void pitfall24_paddingBehindThePacketIsCutOff() {
        install(1_400, false, false);
        byte[] packet = Samples.udpPacket(SUBSCRIBER, SERVER, 8);
        up(Samples.data(0, 7, 9, 0, concat(hex("21"), packet, new byte[18])));
        assertThat(network).hasSize(1);
        assertThat(network.getFirst()).isEqualTo(packet);
    }

    @Test
    void aFalseInnerSourceOrLengthIsDropped() {
        install(1_400, false, false);
        up(Samples.data(0, 7, 9, 0, concat(hex("0021"), Samples.udpPacket(SUBSCRIBER + 1, SERVER, 8))));
        byte[] tooLong = Samples.udpPacket(SUBSCRIBER, SERVER, 8);
        tooLong[3]++;
        up(Samples.data(0, 7, 9, 0, concat(hex("0021"), tooLong)));
        up(Samples.data(0, 7, 9, 0, hex("0021 65")));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.WRONG_INNER_SOURCE)).isEqualTo(1);
        assertThat(drops.count(DropReason.BAD_INNER_PACKET)).isEqualTo(2);
        assertThat(table.counters(KEY).drops()).isEqualTo(3);
    }

    @Test
    void dataForACallWithoutAnEntryGoesToTheControlPlaneNotToTheNetwork() {
        byte[] packet = Samples.data(0, 7, 9, 0, concat(hex("0021"), Samples.udpPacket(SUBSCRIBER, SERVER, 8)));
        for (int round = 0; round < 6; round++) {
            up(packet);
        }
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.FRAME_QUEUE_FULL)).isEqualTo(2);
    }

    @Test
    void packetsToASubscriberGetTheHeadersOfHisCall() throws Exception {
        install(1_400, false, false);
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 64);
        hold(packet);
        hold(packet);
        downlink.flush();
        for (int round = 0; round < 2; round++) {
            assertThat(atPeer()).isEqualTo(concat(hex("0002 1234 5678 ff03 0021"), packet));
        }
        assertThat(table.counters(KEY).downPackets()).isEqualTo(2);
        assertThat(table.counters(KEY).downOctets()).isEqualTo(2L * packet.length);
    }

    @Test
    void sequenceNumbersCountUpWhereTheyAreRequired() throws Exception {
        install(1_400, true, true);
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 64);
        for (int ns = 0; ns < 6; ns++) {
            hold(packet);
        }
        downlink.flush();
        for (int ns = 0; ns < 6; ns++) {
            assertThat(atPeer()).isEqualTo(concat(hex("0802 1234 5678 000" + ns + " 0000 21"), packet));
        }
    }

    @Test
    void whatDoesNotFitIsFragmentedWhenItMay() throws Exception {
        install(576, true, false);
        byte[] packet = Samples.udpPacket(SERVER, SUBSCRIBER, 3_000);
        hold(packet);
        downlink.flush();
        byte[] data = new byte[3_000];
        for (int at = 0; at < 3_000; ) {
            byte[] datagram = atPeer();
            assertThat(Arrays.copyOf(datagram, 7)).isEqualTo(hex("0002 1234 5678 21"));
            assertThat(datagram.length - 7).isLessThanOrEqualTo(576);
            assertThat((ByteBuffer.wrap(datagram).getShort(13) & 0x1fff) * 8).isEqualTo(at);
            System.arraycopy(datagram, 27, data, at, datagram.length - 27);
            at += datagram.length - 27;
        }
        assertThat(data).isEqualTo(Arrays.copyOfRange(packet, 20, 3_020));
    }

    @Test
    void whatDoesNotFitAndMayNotBeFragmentedIsComplainedOf() {
        install(576, true, false);
        byte[] packet = Samples.ipv4(17, SERVER, SUBSCRIBER, 0x4000, new byte[1_000]);
        hold(packet);
        downlink.flush();
        assertThat(network).hasSize(1);
        byte[] complaint = network.getFirst();
        assertThat(ByteBuffer.wrap(complaint).getInt(16)).isEqualTo(SERVER);
        assertThat(ByteBuffer.wrap(complaint).getShort(26)).isEqualTo((short) 576);
        assertThat(drops.count(DropReason.TOO_BIG)).isEqualTo(1);
        assertThat(table.counters(KEY).drops()).isEqualTo(1);
    }

    @Test
    void thePacketWithTheLongestHeaderIsComplainedAboutToo() {
        install(576, false, false);
        byte[] packet = Samples.ipv4(17, SERVER, SUBSCRIBER, Ipv4Header.DONT_FRAGMENT, new byte[980]);
        packet[0] = 0x4f;
        hold(packet);
        downlink.flush();
        assertThat(network).hasSize(1);
        assertThat(network.getFirst()).hasSize(IcmpMessages.LARGEST_COMPLAINT);
    }

    @Test
    void packetsForNobodyAreCounted() {
        hold(Samples.udpPacket(SERVER, SUBSCRIBER, 8));
        hold(hex("6000000000000000"));
        downlink.flush();
        assertThat(drops.count(DropReason.NO_SUBSCRIBER)).isEqualTo(1);
        assertThat(drops.count(DropReason.NOT_IP)).isEqualTo(1);
    }

    @Test
    void aPacketThatCannotLeaveDoesNotHoldUpTheOthers() throws Exception {
        install(1_400, false, false);
        // The kernel refuses port 0.
        PeerPath nowhere = Samples.path(loopback(), socket.localAddress().getPort(), loopback(), 0);
        table.install(Samples.entry(7, 10, SUBSCRIBER + 1, nowhere, 1_400));
        hold(Samples.udpPacket(SERVER, SUBSCRIBER + 1, 8));
        hold(Samples.udpPacket(SERVER, SUBSCRIBER, 8));
        hold(Samples.udpPacket(SERVER, SUBSCRIBER + 1, 8));
        hold(Samples.udpPacket(SERVER, SUBSCRIBER, 9));
        downlink.flush();
        assertThat(atPeer()).hasSize(38);
        assertThat(atPeer()).hasSize(39);
        assertThat(drops.count(DropReason.SEND_FAILED)).isEqualTo(2);
        assertThat(table.counters(new SessionKey(7, 10)).drops()).isEqualTo(2);
    }

    @Test
    void anyOctetsFromEitherSideAreSurvived() {
        install(1_400, true, false);
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = Samples.data(0x4800, 7, 9, 0, concat(hex("ff0321"), Samples.udpPacket(SUBSCRIBER, SERVER, 40)));
        byte[] answer = Samples.udpPacket(SERVER, SUBSCRIBER, 40);
        for (int round = 0; round < 20_000; round++) {
            up(damage(random, good));
            hold(damage(random, answer));
        }
        downlink.flush();
        assertThat(network).as("seed %d", seed).isNotEmpty();
    }

    @Test
    void aFaultCostsABatchAndIsCountedAndTheNextBatchIsForwarded() {
        install(1_400, false, false);
        boolean[] broken = {true};
        List<byte[]> taken = new ArrayList<>();
        IpSink breaking = new IpSink() {
            @Override
            public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
                taken.add(Octets.copy(memory, at, length));
                if (broken[0]) {
                    throw new IndexOutOfBoundsException("as a bug would");
                }
                return null;
            }

            @Override
            public void flush() {
                network.addAll(taken);
                taken.clear();
            }

            @Override
            public void discard() {
                taken.clear();
            }
        };
        uplink = uplink(breaking);
        byte[] packet = Samples.data(0, 7, 9, 0, concat(hex("0021"), Samples.udpPacket(SUBSCRIBER, SERVER, 8)));
        up(packet);
        broken[0] = false;
        up(packet);
        assertThat(network).hasSize(1);
        assertThat(drops.count(DropReason.INTERNAL_ERROR)).isOne();
    }

    private static byte[] damage(SplittableRandom random, byte[] octets) {
        byte[] damaged = Arrays.copyOf(octets, random.nextInt(octets.length + 1));
        for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    @Test
    void dropLinesAreRareAndCountsAreComplete() {
        long[] now = {0};
        Drops paced = new Drops(() -> now[0]);
        int lines = 0;
        for (int packet = 0; packet < 1_000; packet++) {
            now[0] += 10_000_000;
            if (paced.countIsDue(DropReason.NOT_IP)) {
                lines++;
            }
        }
        assertThat(lines).isEqualTo(10);
        assertThat(paced.byReason()).containsEntry("not-ip", 1_000L).containsEntry("too-big", 0L);
    }

    private void numbered(int ns) {
        byte[] datagram =
                Samples.data(0x0800, 7, 9, 0, concat(hex("ff030021"), Samples.udpPacket(SUBSCRIBER, SERVER, 100 + ns)));
        datagram[6] = (byte) (ns >>> 8);
        datagram[7] = (byte) ns;
        up(datagram);
    }

    private List<Integer> numbersAtTheNetwork() {
        return network.stream().map(packet -> packet.length - 120).toList();
    }

    @Test
    void pitfall_numberedFramesArePutIntoOrderAndOldOnesDropped() {
        install(1_400, false, true);
        for (int ns : new int[] {5, 7, 8, 6, 6, 9}) {
            numbered(ns);
        }
        assertThat(numbersAtTheNetwork()).containsExactly(5, 6, 7, 8, 9);
        assertThat(drops.count(DropReason.OUT_OF_ORDER)).isOne();
        assertThat(table.counters(KEY).upPackets()).isEqualTo(5);
        assertThat(table.counters(KEY).drops()).isOne();
    }

    @Test
    void aFrameThatDoesNotComeIsNotWaitedForLong() {
        install(1_400, false, true);
        numbered(5);
        numbered(7);
        assertThat(numbersAtTheNetwork()).containsExactly(5);
        uplink.giveUpLateFrames(TimeUnit.MILLISECONDS.toNanos(21));
        assertThat(numbersAtTheNetwork()).containsExactly(5, 7);
    }

    @Test
    void whereNumbersAreNotRequiredTheyAreNotLookedAt() {
        install(1_400, false, false);
        numbered(7);
        numbered(5);
        assertThat(numbersAtTheNetwork()).containsExactly(7, 5);
    }

    @Test
    void aPathThatTurnedOutNarrowIsToldToTheSenderOrFragmentedFor() throws IOException {
        install(1_400, false, false);
        Slot call = table.up(ForwardingTable.key(KEY));
        call.traffic.limitPacket(600, 0);
        hold(Samples.ipv4(17, SERVER, SUBSCRIBER, Ipv4Header.DONT_FRAGMENT, new byte[980]));
        assertThat(network).hasSize(1);
        assertThat(ByteBuffer.wrap(network.getFirst()).getShort(26))
                .as("next-hop MTU")
                .isEqualTo((short) 600);

        hold(Samples.udpPacket(SERVER, SUBSCRIBER, 980));
        downlink.flush();
        assertThat(atPeer().length).isLessThanOrEqualTo(600 + call.header.length());
        assertThat(atPeer().length).isLessThanOrEqualTo(600 + call.header.length());
        assertThat(network).hasSize(1);
    }

    @Test
    void whatIsKnownOfAPathGrowsOld() {
        Traffic traffic = new Traffic(1);
        traffic.limitPacket(600, 0);
        assertThat(traffic.largestPacket(TimeUnit.MINUTES.toNanos(10))).isEqualTo(600);
        assertThat(traffic.largestPacket(TimeUnit.MINUTES.toNanos(10) + 1)).isEqualTo(Integer.MAX_VALUE);
    }
}
