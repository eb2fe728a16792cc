package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.FilterRule;
import io.warren.config.FilterRules;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketFilterTest {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int SERVER = address("192.0.2.1");
    private static final int OTHER = address("198.51.100.1");
    private static final int TCP = TransportHeader.TCP;
    private static final int UDP = TransportHeader.UDP;
    private static final int MORE = 0x2000;

    /** Source port 40000, destination port 80 and 25. */
    private static final byte[] WEB = hex("9c40 0050 00000000 00000000 5002 0000 0000 0000");

    private static final byte[] MAIL = hex("9c40 0019 00000000 00000000 5002 0000 0000 0000");

    @Test
    void theFirstRuleThatFitsDecidesAndWhatNoneFitsIsDropped() {
        PacketFilter filter = filter("drop tcp to any port 25", "accept to 192.0.2.0/24");
        assertThat(passes(filter, four(TCP, SERVER, 0, WEB))).isTrue();
        assertThat(passes(filter, four(TCP, SERVER, 0, MAIL))).isFalse();
        assertThat(passes(filter, four(UDP, SERVER, 0, MAIL))).isTrue();
        assertThat(passes(filter, four(TCP, OTHER, 0, WEB))).isFalse();
        assertThat(passes(filter(), four(TCP, OTHER, 0, WEB))).as("no rules").isTrue();
    }

    @Test
    void bothEndsAndRangesOfPorts() {
        PacketFilter filter = filter("accept tcp from 10.64.0.0/16 port 1024-65535 to 192.0.2.1 port 80-443");
        assertThat(passes(filter, four(TCP, SERVER, 0, WEB))).isTrue();
        assertThat(passes(filter, four(TCP, SERVER, 0, MAIL))).isFalse();
        assertThat(passes(filter, four(TCP, SERVER, 0, hex("0050 0050 0000 0000"))))
                .isFalse();
        assertThat(passes(filter, four(TCP, SERVER, 0, hex("ffff 01bb 0000 0000"))))
                .isTrue();
        assertThat(passes(filter, four(TCP, SERVER, 0, hex("ffff 01bc 0000 0000"))))
                .isFalse();
        assertThat(passes(filter, four(TCP, SERVER, 0, hex("ffff fffe 0000 0000"))))
                .isFalse();
    }

    @Test
    void aFragmentDoesNotSlipThroughARuleForPorts() {
        PacketFilter walled = filter("accept tcp to any port 80");
        assertThat(passes(walled, four(TCP, SERVER, MORE, WEB))).as("the first").isTrue();
        assertThat(passes(walled, four(TCP, SERVER, 1, WEB)))
                .as("not the first")
                .isFalse();
        assertThat(passes(walled, four(TCP, SERVER, MORE, hex("9c40 00"))))
                .as("cut short")
                .isFalse();

        PacketFilter noMail = filter("drop tcp to any port 25", "accept");
        assertThat(passes(noMail, four(TCP, SERVER, 1, WEB))).isFalse();
        assertThat(passes(noMail, four(TCP, SERVER, MORE, hex("9c40 00")))).isFalse();
        assertThat(passes(noMail, four(UDP, SERVER, 1, WEB)))
                .as("of another protocol")
                .isTrue();
        assertThat(passes(filter("accept tcp"), four(TCP, SERVER, 1, WEB))).isTrue();
    }

    @Test
    void optionsDoNotHideThePorts() {
        PacketFilter filter = filter("drop tcp to any port 25", "accept");
        assertThat(passes(filter, withOptions("0101 0101", MAIL))).isFalse();
        assertThat(passes(filter, withOptions("9404 0000", WEB)))
                .as("router alert")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8307 04c0 0002 0100", "8907 04c0 0002 0100", "0101 0183", "4401 0000", "44ff 0000", "4400 0000"
            })
    void sourceRoutesAndSenselessOptionsAreDropped(String options) {
        assertThat(passes(filter("accept"), withOptions(options, WEB))).isFalse();
    }

    @Test
    void ipv6() {
        PacketFilter filter = filter("accept tcp to 2001:db8::/32 port 80", "accept icmpv6");
        assertThat(passes(filter, six("2001:db8::1", TCP, WEB))).isTrue();
        assertThat(passes(filter, six("2001:db8::1", TCP, MAIL))).isFalse();
        assertThat(passes(filter, six("2001:db9::1", TCP, WEB))).isFalse();
        assertThat(passes(filter, six("2001:db9::1", 58, hex("80000000")))).isTrue();
        assertThat(passes(filter, four(TCP, SERVER, 0, WEB)))
                .as("another version")
                .isFalse();
        assertThat(passes(filter("accept to 2001:db8::1"), six("2001:db8::1", UDP, WEB)))
                .isTrue();
        assertThat(passes(filter("accept to 2001:db8::1"), six("2001:db8::2", UDP, WEB)))
                .isFalse();
    }

    @Test
    void extensionHeadersDoNotHideThePorts() {
        PacketFilter filter = filter("drop tcp to any port 25", "accept");
        byte[] hopByHop = hex("06 00 010400000000");
        byte[] routed = hex("06 00 0000 00000000");
        byte[] wholeFragment = hex("06 00 0000 00000001");
        for (int first : new int[] {0, 60}) {
            assertThat(passes(filter, six("2001:db8::1", first, concat(hopByHop, MAIL))))
                    .isFalse();
            assertThat(passes(filter, six("2001:db8::1", first, concat(hopByHop, WEB))))
                    .isTrue();
        }
        assertThat(passes(filter, six("2001:db8::1", 43, concat(routed, MAIL)))).isFalse();
        assertThat(passes(filter, six("2001:db8::1", 43, concat(routed, WEB)))).isTrue();
        assertThat(passes(filter, six("2001:db8::1", 44, concat(wholeFragment, MAIL))))
                .isFalse();
        assertThat(passes(filter, six("2001:db8::1", 44, concat(wholeFragment, WEB))))
                .isTrue();
    }

    @Test
    void whatAnIpv6PacketDoesNotShowDoesNotMakeItPass() {
        PacketFilter noMail = filter("drop tcp to any port 25", "accept");
        PacketFilter walled = filter("accept tcp to any port 80", "accept udp");
        List<byte[]> hidden = List.of(
                six("2001:db8::1", 44, concat(hex("06 00 0009 00000001"), WEB)),
                six("2001:db8::1", 0, hex("06 05 010400000000")),
                six("2001:db8::1", 0, hex("06 00")),
                six("2001:db8::1", 51, concat(hex("06 04 0000 00000000"), WEB)),
                six("2001:db8::1", 139, concat(hex("06 00 0000 00000000"), WEB)),
                six("2001:db8::1", TCP, hex("9c40 00")));
        for (byte[] packet : hidden) {
            assertThat(passes(noMail, packet)).isFalse();
            assertThat(passes(walled, packet)).isFalse();
            assertThat(passes(filter("accept"), packet)).isTrue();
        }
        byte[] sourceRouted =
                six("2001:db8::1", 43, concat(hex("06 02 0001 00000000 20010db8000000000000000000000002"), WEB));
        assertThat(passes(filter("accept"), sourceRouted)).isFalse();
    }

    @Test
    void randomPacketsNeverLeadOutOfTheirOctets() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PacketFilter filter = filter("accept tcp to any port 80", "drop udp from any port 53", "accept icmp");
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = Samples.randomBytes(random, 20 + random.nextInt(60));
            boolean six = random.nextBoolean() && packet.length >= 40;
            packet[0] = (byte) (six ? 0x60 : 0x45 + random.nextInt(11));
            int length = six ? packet.length - 40 : packet.length;
            packet[six ? 4 : 2] = (byte) (length >> 8);
            packet[six ? 5 : 3] = (byte) length;
            if (six) {
                packet[6] = (byte) new int[] {0, 43, 44, 60, 6, 17}[random.nextInt(6)];
            }
            MemorySegment exact = MemorySegment.ofArray(packet);
            int total = IpHeader.soundLength(exact, 0, packet.length);
            if (total >= 0) {
                assertThat(filter.passes(exact, 0, total)).as("seed %d", seed).isIn(true, false);
            }
        }
    }

    @Test
    void namesOfDirections() {
        Filters filters = Filters.of(List.of(
                new FilterRules("garden", List.of(FilterRule.parse("drop")), List.of(FilterRule.parse("drop"))),
                new FilterRules("open", List.of(), List.of()),
                new FilterRules("odd.in", List.of(), List.of(FilterRule.parse("drop")))));
        assertThat(filters.up(List.of("garden"))).isNotNull();
        assertThat(filters.down(List.of("garden"))).isNotNull();
        assertThat(filters.up(List.of("garden.in"))).isNotNull();
        assertThat(filters.down(List.of("garden.in"))).isNull();
        assertThat(filters.up(List.of("garden.out"))).isNull();
        assertThat(filters.down(List.of("garden.out"))).isNotNull();
        assertThat(filters.up(List.of("nobody's", "garden"))).isNotNull();
        assertThat(filters.up(List.of("open", "garden"))).as("the first counts").isNull();
        assertThat(filters.down(List.of("odd.in"))).isNotNull();
        assertThat(filters.up(List.of())).isNull();
        assertThat(filters.up(List.of("nobody's"))).as("all is dropped").isSameAs(PacketFilter.CLOSED);
        assertThat(filters.down(List.of("nobody's"))).isSameAs(PacketFilter.CLOSED);
    }

    private static PacketFilter filter(String... rules) {
        return PacketFilter.of(Arrays.stream(rules).map(FilterRule::parse).toList());
    }

    private static boolean passes(PacketFilter filter, byte[] packet) {
        MemorySegment memory = MemorySegment.ofArray(packet);
        int total = IpHeader.soundLength(memory, 0, packet.length);
        assertThat(total).as("sound").isEqualTo(packet.length);
        return filter.passes(memory, 0, total);
    }

    private static byte[] four(int protocol, int destination, int flagsAndOffset, byte[] data) {
        return Samples.ipv4(protocol, SUBSCRIBER, destination, flagsAndOffset, data);
    }

    private static byte[] six(String destination, int next, byte[] data) {
        return Ipv6Samples.packet("2001:db8:0:7::9", destination, next, data);
    }

    private static byte[] withOptions(String options, byte[] data) {
        byte[] octets = hex(options);
        byte[] padded = Arrays.copyOf(octets, (octets.length + 3) / 4 * 4);
        byte[] plain = four(TCP, SERVER, 0, concat(padded, data));
        plain[0] = (byte) (0x45 + padded.length / 4);
        return plain;
    }
}
