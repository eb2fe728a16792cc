package io.warren.wire.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ipv6.Dhcpv6Option.StatusCode;
import io.warren.wire.ipv6.Icmpv6Message.PrefixInformation;
import io.warren.wire.ipv6.Icmpv6Message.RouterAdvertisement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Ipv6CodecTest {
    private static final Ipv6Address ROUTER = Ipv6Address.linkLocal(0x0011_22ff_fe33_4455L);
    private static final Ipv6Address HOST = Ipv6Address.linkLocal(2);

    private static final RouterAdvertisement ADVERTISEMENT = new RouterAdvertisement(
            64,
            false,
            true,
            1_800,
            1_460,
            List.of(new PrefixInformation(new Ipv6Address(0x2001_0db8_0000_0007L, 0), 64, true, true, 86_400, 43_200)),
            List.of(new Ipv6Address(0x2001_0db8_0000_0000L, 0x53)),
            86_400);

    private static final Dhcpv6Message REPLY = new Dhcpv6Message(
            Dhcpv6Message.REPLY,
            0xabcdef,
            List.of(
                    new Dhcpv6Option.ClientId(Bytes.ofHex("00030001020304050607")),
                    new Dhcpv6Option.ServerId(Bytes.ofHex("000400112233445566778899aabbccddeeff")),
                    new Dhcpv6Option.IaNa(
                            0xfeed_beefL,
                            100,
                            200,
                            List.of(new Dhcpv6Option.IaAddress(HOST, 300, 0xffff_ffffL, List.of()))),
                    new Dhcpv6Option.IaPd(
                            1,
                            2,
                            3,
                            List.of(
                                    new Dhcpv6Option.IaPrefix(
                                            new Ipv6Address(0x2001_0db8_7777_4400L, 0), 56, 1, 2, List.of()),
                                    new StatusCode(StatusCode.NO_PREFIX_AVAIL, "none"))),
                    new Dhcpv6Option.IaTa(9, List.of()),
                    new Dhcpv6Option.RapidCommit(),
                    new Dhcpv6Option.DnsServers(List.of(ROUTER, HOST)),
                    new Dhcpv6Option.Other(6, Bytes.ofHex("00170018"))));

    @Test
    void aRouterSolicitationOfLinuxIsRead() throws WireException {
        // from fe80::1 to ff02::2, without options, as the kernel sends it on ppp0
        Ipv6Packet packet = Ipv6Packet.decode(Bytes.ofHex("6000000000083aff" + "fe800000000000000000000000000001"
                + "ff020000000000000000000000000002" + "85007d3600000000"));
        assertThat(Icmpv6Message.decode(packet)).isEqualTo(new Icmpv6Message.RouterSolicitation());
        assertThat(packet.source()).isEqualTo(Ipv6Address.linkLocal(1));
    }

    @Test
    void aRouterAdvertisementIsOctetByOctetAsTheRfcsDrawIt() {
        Ipv6Packet packet = ADVERTISEMENT.encode(ROUTER, Ipv6Address.ALL_NODES);
        assertThat(packet.hopLimit()).isEqualTo(255);
        String hex = packet.payload().toHex();
        assertThat(hex.substring(0, 4) + hex.substring(8))
                .isEqualTo(
                        "8600" // type, code
                                + "40" + "40" + "0708" // hop limit 64, O flag, router lifetime 1800 s
                                + "00000000" + "00000000" // reachable time, retrans timer
                                + "0501" + "0000" + "000005b4" // MTU 1460
                                + "0304" + "40c0" + "00015180" + "0000a8c0" + "00000000"
                                + "20010db8000000070000000000000000" // prefix
                                + "1903" + "0000" + "00015180" + "20010db8000000000000000000000053"); // RDNSS
        assertThat(packet.checksum()).isZero();
    }

    @Test
    void everyMessageComesBackAsItWas() throws WireException {
        for (Icmpv6Message message : List.of(
                ADVERTISEMENT,
                new Icmpv6Message.RouterSolicitation(),
                new Icmpv6Message.NeighborSolicitation(ROUTER),
                new Icmpv6Message.NeighborAdvertisement(ROUTER, true),
                new Icmpv6Message.NeighborAdvertisement(ROUTER, false),
                new Icmpv6Message.EchoRequest(Bytes.ofHex("12340001aabbcc")),
                new Icmpv6Message.EchoReply(Bytes.EMPTY))) {
            Ipv6Packet packet = message.encode(ROUTER, HOST);
            assertThat(Icmpv6Message.decode(Ipv6Packet.decode(packet.encode()))).isEqualTo(message);
        }
        Ipv6Packet packet = new UdpDatagram(547, 546, REPLY.encode()).encode(ROUTER, HOST, 64);
        UdpDatagram datagram = UdpDatagram.decode(Ipv6Packet.decode(packet.encode()));
        assertThat(datagram.destinationPort()).isEqualTo(546);
        assertThat(Dhcpv6Message.decode(datagram.payload())).isEqualTo(REPLY);
    }

    @Test
    void aDhcpMessageIsOctetByOctetAsTheRfcDrawsIt() {
        Dhcpv6Message solicit = new Dhcpv6Message(
                Dhcpv6Message.SOLICIT,
                0x010203,
                List.of(
                        new Dhcpv6Option.ClientId(Bytes.ofHex("0003000102")),
                        new Dhcpv6Option.IaPd(
                                7,
                                0,
                                0,
                                List.of(new Dhcpv6Option.IaPrefix(Ipv6Address.UNSPECIFIED, 56, 0, 0, List.of())))));
        assertThat(solicit.encode().toHex())
                .isEqualTo("01010203" + "00010005" + "0003000102" //
                        + "00190029" + "00000007" + "00000000" + "00000000"
                        + "001a0019" + "00000000" + "00000000" + "38" + "00".repeat(16));
    }

    @Test
    void pitfall_neighbourDiscoveryThatARouterHasPassedOnIsDiscarded() {
        Ipv6Packet packet = new Icmpv6Message.RouterSolicitation().encode(HOST, Ipv6Address.ALL_ROUTERS);
        Ipv6Packet routed =
                new Ipv6Packet(packet.source(), packet.destination(), packet.nextHeader(), 254, packet.payload());
        assertThatThrownBy(() -> Icmpv6Message.decode(routed)).isInstanceOf(WireException.class);
    }

    @Test
    void pitfall_anOptionOfLengthZeroMakesTheMessageInvalid() {
        Ipv6Packet bare = new Ipv6Packet(
                HOST, Ipv6Address.ALL_ROUTERS, Ipv6Packet.ICMPV6, 255, Bytes.ofHex("85000000000000000100000000000000"));
        assertThatThrownBy(() -> Icmpv6Message.decode(bare.withChecksumAt(2)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("length 0");
    }

    @Test
    void pitfall_aUdpDatagramWithoutChecksumIsDiscardedInIpv6() {
        Ipv6Packet packet = new Ipv6Packet(HOST, ROUTER, Ipv6Packet.UDP, 1, Bytes.ofHex("0222022300090000" + "01"));
        assertThatThrownBy(() -> UdpDatagram.decode(packet)).isInstanceOf(WireException.class);
    }

    @Test
    void everyTruncationAndEveryFlippedBitIsAWireExceptionOrAnotherMessage() {
        for (Bytes good : List.of(
                ADVERTISEMENT.encode(ROUTER, HOST).encode(),
                new UdpDatagram(546, 547, REPLY.encode())
                        .encode(HOST, Ipv6Address.ALL_DHCP_SERVERS, 1)
                        .encode())) {
            byte[] octets = good.toByteArray();
            for (int length = 0; length < octets.length; length++) {
                survive(Arrays.copyOf(octets, length));
            }
            for (int bit = 0; bit < octets.length * 8; bit++) {
                byte[] flipped = octets.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                survive(flipped);
            }
        }
        for (int length = 0; length < REPLY.encode().length(); length++) {
            surviveDhcp(Arrays.copyOf(REPLY.encode().toByteArray(), length));
        }
    }

    @Test
    void anyOctetsAtAllAreSurvived() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] reply = REPLY.encode().toByteArray();
        for (int i = 0; i < 100_000; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            survive(octets);
            byte[] damaged = reply.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            surviveDhcp(damaged);
        }
    }

    @Test
    void optionsWithinOptionsGoOnlySoDeep() {
        Dhcpv6Option deep = new Dhcpv6Option.RapidCommit();
        for (int i = 0; i < 100; i++) {
            deep = new Dhcpv6Option.IaTa(i, List.of(deep));
        }
        Bytes octets = new Dhcpv6Message(1, 1, List.of(deep)).encode();
        assertThatThrownBy(() -> Dhcpv6Message.decode(octets)).isInstanceOf(WireException.class);
    }

    private static void survive(byte[] octets) {
        try {
            Ipv6Packet packet = Ipv6Packet.decode(Bytes.of(octets));
            switch (packet.nextHeader()) {
                case Ipv6Packet.ICMPV6 -> Icmpv6Message.decode(packet);
                case Ipv6Packet.UDP ->
                    Dhcpv6Message.decode(UdpDatagram.decode(packet).payload());
                default -> {}
            }
        } catch (WireException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }

    private static void surviveDhcp(byte[] octets) {
        try {
            Dhcpv6Message message = Dhcpv6Message.decode(Bytes.of(octets));
            assertThat(message.encode()).isNotNull();
        } catch (WireException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }
}
