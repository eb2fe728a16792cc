package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Ipv6;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ingress;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv6 through {@link Uplink} and {@link Downlink}, fed by hand. */
class Ipv6ForwardingTest extends HandFedForwarding {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final String HOST = "2001:db8:0:7::1234";
    private static final String BEHIND = "2001:db8:77:44ab::5";
    private static final String SERVER = "2001:db8:ffff::1";
    private static final Ipv6 GATEWAY6 = Ipv6.parse("2001:db8::1");
    private static final SessionKey KEY = new SessionKey(7, 9);

    Ipv6ForwardingTest() {
        super(DataPlaneSettings.Forwarding.DEFAULT, () -> 0, 64, GATEWAY6);
    }

    @BeforeEach
    void installACall() {
        table.install(Ipv6Samples.entry(KEY, path(), SUBSCRIBER, 1_400, false));
    }

    private void up(String ppp, byte[] packet) {
        arrive(Samples.data(0, 7, 9, 0, concat(hex(ppp), packet)), 0);
    }

    private List<Ingress.FrameArrived> punted() {
        List<Ingress.FrameArrived> frames = new ArrayList<>();
        punts.drainFrames(frames);
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff030057", "ff0357", "0057", "57"})
    void everyFormOfAFrameReachesTheNetworkUnchanged(String ppp) {
        byte[] packet = Ipv6Samples.udp(HOST, SERVER, 100);
        up(ppp, packet);
        assertThat(network).hasSize(1);
        assertThat(network.getFirst()).isEqualTo(packet);
        assertThat(table.counters(KEY).upOctets()).isEqualTo(packet.length);
    }

    @Test
    void aHostBehindTheSubscriberSpeaksWithTheDelegatedPrefix() {
        up("0057", Ipv6Samples.udp(BEHIND, SERVER, 10));
        assertThat(network).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:0:8::1234", "2001:db8:77:4500::1", "fe80::1", "::", "ff02::1", "::1"})
    void pitfall_bcp38_aSourceThatIsNotTheCallsIsDropped(String source) {
        up("0057", Ipv6Samples.udp(source, SERVER, 10));
        assertThat(network).isEmpty();
        assertThat(punted()).isEmpty();
        assertThat(drops.count(DropReason.WRONG_INNER_SOURCE)).isOne();
    }

    @Test
    void paddingIsCutOffAndALyingLengthIsDropped() {
        byte[] packet = Ipv6Samples.udp(HOST, SERVER, 20);
        up("0057", concat(packet, new byte[7]));
        assertThat(network.getFirst()).isEqualTo(packet);
        up("0057", Arrays.copyOf(packet, packet.length - 1));
        up("0057", Arrays.copyOf(packet, 39));
        up("0057", new byte[0]);
        up("0057", Samples.udpPacket(SUBSCRIBER, address("192.0.2.1"), 30));
        assertThat(network).hasSize(1);
        assertThat(drops.count(DropReason.BAD_INNER_PACKET)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"fe80::2,ff02::2,58", "fe80::2,ff02::1:2,17", "fe80::2,fe80::1,58", "::,ff02::1:ff00:1,58"})
    void whatIsForTheLinkGoesToTheControlPlaneAsAFrame(String source, String destination, int next) {
        byte[] packet = Ipv6Samples.packet(source, destination, next, new byte[16]);
        up("ff030057", packet);
        assertThat(network).isEmpty();
        List<Ingress.FrameArrived> frames = punted();
        assertThat(frames).hasSize(1);
        assertThat(frames.getFirst().frame().toByteArray()).isEqualTo(concat(hex("ff030057"), packet));
        assertThat(frames.getFirst().key()).isEqualTo(KEY);
    }

    @Test
    void linkLocalPacketsThatAreNotForUsAndFloodsOfThemAreDropped() {
        up("0057", Ipv6Samples.packet("fe80::2", "ff02::16", 0, new byte[16])); // an MLD report
        assertThat(punted()).isEmpty();
        int passed = 0;
        for (int i = 0; i < 1_000; i++) {
            up("0057", Ipv6Samples.icmp("fe80::2", "ff02::2", 133, 0));
            passed += punted().size();
        }
        assertThat(passed).isBetween(10, 100);
        assertThat(drops.count(DropReason.LINK_LOCAL)).isEqualTo(1 + 1_000 - passed);
    }

    @Test
    void withoutIpv6InTheEntryTheFrameIsForTheControlPlane() {
        table.install(Samples.entry(7, 9, SUBSCRIBER, path(), 1_400));
        up("0057", Ipv6Samples.udp(HOST, SERVER, 10));
        assertThat(network).isEmpty();
        assertThat(punted()).hasSize(1);
        down(Ipv6Samples.udp(SERVER, HOST, 10));
        assertThat(drops.count(DropReason.NO_SUBSCRIBER)).isOne();
    }

    @Test
    void pitfall_aCallWithoutIpv4DoesNotOwnTheAddressZero() {
        table.install(Ipv6Samples.entry(KEY, path(), 0, 1_400, false));
        up("0021", Samples.udpPacket(0, address("192.0.2.1"), 10));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.WRONG_INNER_SOURCE)).isOne();
        down(Samples.udpPacket(address("192.0.2.1"), 0, 10));
        down(Samples.udpPacket(address("192.0.2.1"), SUBSCRIBER, 10));
        assertThat(drops.count(DropReason.NO_SUBSCRIBER)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, BEHIND})
    void anAnswerGoesToTheCallWhosePrefixItIsIn(String destination) throws IOException {
        byte[] packet = Ipv6Samples.udp(SERVER, destination, 64);
        down(packet);
        assertThat(atPeer()).isEqualTo(concat(hex("0002 1234 5678 ff03 0057"), packet));
        table.install(Ipv6Samples.entry(KEY, path(), SUBSCRIBER, 1_400, true));
        down(packet);
        assertThat(atPeer()).isEqualTo(concat(hex("0002 1234 5678 57"), packet));
        assertThat(table.counters(KEY).downPackets()).isEqualTo(2);
        // IPv4 beside it is as ever.
        byte[] four = Samples.udpPacket(address("192.0.2.1"), SUBSCRIBER, 8);
        down(four);
        assertThat(atPeer()).isEqualTo(concat(hex("0002 1234 5678 21"), four));
    }

    @Test
    void aPrefixThatIsGoneIsNobodysAndOneThatMovedIsItsNewCalls() {
        SessionKey other = new SessionKey(7, 10);
        table.install(Ipv6Samples.entry(other, path(), SUBSCRIBER + 1, 1_400, false));
        assertThat(table.downIpv6(Ipv6.parse(HOST).high())).isSameAs(table.up(ForwardingTable.key(other)));
        table.remove(KEY);
        assertThat(table.downIpv6(Ipv6.parse(HOST).high())).isSameAs(table.up(ForwardingTable.key(other)));
        table.install(Samples.entry(7, 10, SUBSCRIBER + 1, path(), 1_400));
        assertThat(table.downIpv6(Ipv6.parse(HOST).high())).isNull();
        assertThat(table.downIpv6(Ipv6.parse(BEHIND).high())).isNull();
    }

    @Test
    void theDefaultRouteTakesIpv6OnlyIfItsCallHasIt() {
        long high = Ipv6.parse(SERVER).high();
        ForwardingEntry with = new ForwardingEntry(
                KEY,
                path(),
                0x1234,
                0x5678,
                SUBSCRIBER,
                1_400,
                false,
                false,
                false,
                true,
                TrafficLimits.NONE,
                new ForwardingEntry.Ipv6(List.of()));
        table.install(with);
        assertThat(table.downIpv6(high)).isSameAs(table.up(ForwardingTable.key(KEY)));
        table.install(new ForwardingEntry(
                KEY, path(), 0x1234, 0x5678, SUBSCRIBER, 1_400, false, false, false, true, TrafficLimits.NONE));
        assertThat(table.down(address("192.0.2.1"))).isNotNull();
        assertThat(table.downIpv6(high)).isNull();
    }

    @Test
    void pitfall_noRouterFragmentsIpv6ButSaysPacketTooBig() {
        byte[] large = Ipv6Samples.udp(SERVER, HOST, 1_401 - 40);
        down(large);
        assertThat(network).hasSize(1);
        byte[] complaint = network.getFirst();
        assertThat(complaint).hasSize(1_280);
        assertThat(Ipv6Samples.checksum(complaint, 58)).isZero();
        ByteBuffer read = ByteBuffer.wrap(complaint);
        assertThat(new Ipv6(read.getLong(8), read.getLong(16))).isEqualTo(GATEWAY6);
        assertThat(new Ipv6(read.getLong(24), read.getLong(32))).hasToString(SERVER);
        assertThat(complaint[40]).isEqualTo((byte) 2);
        assertThat(read.getInt(44)).isEqualTo(1_400);
        assertThat(Arrays.copyOfRange(complaint, 48, 1_280)).isEqualTo(Arrays.copyOf(large, 1_280 - 48));
        assertThat(drops.count(DropReason.TOO_BIG)).isOne();
    }

    @Test
    void pitfall_noErrorAboutAnErrorNorToASourceThatIsNoHost() {
        down(Ipv6Samples.icmp(SERVER, HOST, 3, 1_400));
        down(Ipv6Samples.udp("fe80::1", HOST, 1_400));
        down(Ipv6Samples.udp("::", HOST, 1_400));
        assertThat(network).isEmpty();
        assertThat(drops.count(DropReason.TOO_BIG)).isEqualTo(3);
        down(Ipv6Samples.icmp(SERVER, HOST, 128, 1_400));
        assertThat(network).as("an echo request is no error").hasSize(1);
    }

    @Test
    void pitfall_theLeastMtuGetsThroughWhateverThePathSays() throws IOException {
        table.up(ForwardingTable.key(KEY)).traffic.limitPacket(900, 0);
        down(Ipv6Samples.udp(SERVER, HOST, 1_240));
        assertThat(atPeer()).hasSize(1_280 + 10);
        down(Ipv6Samples.udp(SERVER, HOST, 1_241));
        assertThat(network).hasSize(1);
        assertThat(ByteBuffer.wrap(network.getFirst()).getInt(44)).isEqualTo(1_280);
    }

    @Test
    void tcpsMssIsClampedBothWaysAndItsChecksumStaysRight() throws IOException {
        byte[] syn = new byte[24];
        ByteBuffer.wrap(syn)
                .put(12, (byte) 0x60)
                .put(13, (byte) 2)
                .put(20, (byte) 2)
                .put(21, (byte) 4);
        ByteBuffer.wrap(syn).putShort(22, (short) 1_440);
        byte[] packet = Ipv6Samples.packet(HOST, SERVER, 6, syn);
        ByteBuffer.wrap(packet).putShort(56, (short) Ipv6Samples.checksum(packet, 6));
        up("0057", packet);
        assertThat(ByteBuffer.wrap(network.getFirst()).getShort(62)).isEqualTo((short) (1_400 - 60));
        assertThat(Ipv6Samples.checksum(network.getFirst(), 6)).isZero();
        byte[] answer = Ipv6Samples.packet(SERVER, HOST, 6, syn);
        ByteBuffer.wrap(answer).putShort(56, (short) Ipv6Samples.checksum(answer, 6));
        down(answer);
        byte[] arrived = atPeer();
        assertThat(ByteBuffer.wrap(arrived).getShort(10 + 62)).isEqualTo((short) (1_400 - 60));
    }

    @Test
    void ratesCountBothFamiliesTogether() {
        ForwardingEntry slow = Ipv6Samples.entry(KEY, path(), SUBSCRIBER, 1_400, false)
                .withLimits(new TrafficLimits(1_000, 9_000, 0, 0, 0));
        table.install(slow);
        for (int i = 0; i < 20; i++) {
            up("0057", Ipv6Samples.udp(HOST, SERVER, 960));
        }
        assertThat(network).hasSize(9);
        assertThat(drops.count(DropReason.POLICED_UP)).isEqualTo(11);
    }

    @Test
    void whatTheKernelSaysToItsNeighboursGoesNowhere() {
        down(Ipv6Samples.icmp("fe80::1", "ff02::2", 133, 0));
        assertThat(drops.count(DropReason.LINK_LOCAL)).isOne();
    }

    @Test
    void theNullPlaneAnswersPingAtTheGateway() throws IOException {
        EchoResponder echo = new EchoResponder(GATEWAY, GATEWAY6, downlink);
        byte[] request = Ipv6Samples.icmp(HOST, GATEWAY6.toString(), 128, 32);
        MemorySegment memory = Samples.segment(request, 16);
        assertThat(echo.take(memory, 16, request.length, 0)).isNull();
        echo.flush();
        byte[] reply = Arrays.copyOfRange(atPeer(), 10, 10 + request.length);
        assertThat(reply[40]).isEqualTo((byte) 129);
        assertThat(Ipv6Samples.checksum(reply, 58)).isZero();
        assertThat(ByteBuffer.wrap(reply).getLong(32)).isEqualTo(0x1234);
        byte[] wrong = Ipv6Samples.icmp(HOST, SERVER, 128, 32);
        assertThat(echo.take(Samples.segment(wrong, 16), 16, wrong.length, 0)).isEqualTo(DropReason.NOT_FOR_NULL_PLANE);
    }

    @Test
    void anyOctetsFromEitherSideAreSurvived() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = Samples.data(0x4800, 7, 9, 0, concat(hex("ff0357"), Ipv6Samples.udp(HOST, SERVER, 60)));
        byte[] answer = Ipv6Samples.udp(SERVER, HOST, 60);
        for (int round = 0; round < 20_000; round++) {
            arrive(damaged(random, good), round * 1_000_000L);
            down(damaged(random, answer));
        }
        assertThat(network).as("seed %d", seed).isNotEmpty();
        assertThat(drops.count(DropReason.INTERNAL_ERROR)).as("seed %d", seed).isZero();
    }

    private static byte[] damaged(SplittableRandom random, byte[] packet) {
        byte[] damaged =
                Arrays.copyOf(packet, random.nextInt(4) == 0 ? random.nextInt(1, packet.length) : packet.length);
        for (int i = random.nextInt(4); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }
}
