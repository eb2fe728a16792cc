package io.warren.control.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.ipv6.LinkRouter.Reaction;
import io.warren.control.port.Ipv6Prefix;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ipv6.Dhcpv6Message;
import io.warren.wire.ipv6.Dhcpv6Option;
import io.warren.wire.ipv6.Dhcpv6Option.IaAddress;
import io.warren.wire.ipv6.Dhcpv6Option.IaNa;
import io.warren.wire.ipv6.Dhcpv6Option.IaPd;
import io.warren.wire.ipv6.Dhcpv6Option.IaPrefix;
import io.warren.wire.ipv6.Dhcpv6Option.StatusCode;
import io.warren.wire.ipv6.Icmpv6Message;
import io.warren.wire.ipv6.Ipv6Address;
import io.warren.wire.ipv6.Ipv6Packet;
import io.warren.wire.ipv6.UdpDatagram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkRouterTest {
    private static final Ipv6Address ROUTER = Ipv6Address.linkLocal(1);
    private static final Ipv6Address HOST = Ipv6Address.linkLocal(2);
    private static final Ipv6Address DNS = new Ipv6Address(0x2001_0db8_0000_0000L, 0x53);
    private static final Ipv6Address ON_LINK = new Ipv6Address(0x2001_0db8_0000_0007L, 2);
    private static final Ipv6Address NETWORK = new Ipv6Address(0x2001_0db8_7777_4400L, 0);
    private static final Bytes SERVER = Bytes.ofHex("000400112233445566778899aabbccddeeff");
    private static final Bytes CLIENT = Bytes.ofHex("00030001020304050607");

    private static final RouterSettings SETTINGS =
            new RouterSettings(Duration.ofMinutes(10), Duration.ofHours(24), List.of(DNS), SERVER);
    private static final HostLink LINK = new HostLink(
            ROUTER,
            2,
            List.of(new Ipv6Prefix(ON_LINK.high(), 0, 64)),
            List.of(new Ipv6Prefix(NETWORK.high(), 0, 56)),
            null,
            List.of(),
            1_460);
    private static final HostLink BARE = new HostLink(ROUTER, 2, List.of(), List.of(), null, List.of(), 1_460);

    private static final IaPd ANY_PREFIX = new IaPd(7, 0, 0, List.of());
    private static final IaNa ANY_ADDRESS = new IaNa(8, 0, 0, List.of());
    private static final IaPrefix PREFIX = new IaPrefix(NETWORK, 56, 43_200, 86_400, List.of());
    private static final IaAddress ADDRESS = new IaAddress(ON_LINK, 43_200, 86_400, List.of());

    @Test
    void theAdvertisementSaysAllThatAHostNeeds() throws WireException {
        Ipv6Packet packet = LinkRouter.advertisement(LINK, SETTINGS);
        assertThat(packet.source()).isEqualTo(ROUTER);
        assertThat(packet.destination()).isEqualTo(Ipv6Address.ALL_NODES);
        Icmpv6Message.RouterAdvertisement said = (Icmpv6Message.RouterAdvertisement) Icmpv6Message.decode(packet);
        assertThat(said)
                .isEqualTo(new Icmpv6Message.RouterAdvertisement(
                        64,
                        false,
                        true,
                        65_535,
                        1_460,
                        List.of(new Icmpv6Message.PrefixInformation(
                                new Ipv6Address(ON_LINK.high(), 0), 64, true, true, 86_400, 43_200)),
                        List.of(DNS),
                        86_400));
    }

    @Test
    void allPrefixesAreAdvertisedAndAllDelegatedOnesGiven() throws WireException {
        Ipv6Prefix second = new Ipv6Prefix(ON_LINK.high() + 1, 0, 64);
        Ipv6Prefix network = new Ipv6Prefix(NETWORK.high() + (1L << 40), 0, 60);
        HostLink several = new HostLink(
                ROUTER,
                2,
                List.of(new Ipv6Prefix(ON_LINK.high(), 0, 64), second),
                List.of(new Ipv6Prefix(NETWORK.high(), 0, 56), network),
                null,
                List.of(),
                1_460);
        Icmpv6Message.RouterAdvertisement said =
                (Icmpv6Message.RouterAdvertisement) Icmpv6Message.decode(LinkRouter.advertisement(several, SETTINGS));
        assertThat(said.prefixes())
                .extracting(prefix -> prefix.prefix().high())
                .containsExactly(ON_LINK.high(), ON_LINK.high() + 1);
        IaPrefix other = new IaPrefix(new Ipv6Address(network.high(), 0), 60, 43_200, 86_400, List.of());
        Dhcpv6Message advertise = dhcp(several, Dhcpv6Message.SOLICIT, client(), ANY_PREFIX);
        assertThat(advertise.options())
                .anySatisfy(option -> assertThat(option)
                        .isInstanceOfSatisfying(
                                IaPd.class, given -> assertThat(given.options()).containsExactly(PREFIX, other)));
        Dhcpv6Message renewed = dhcp(
                several,
                Dhcpv6Message.RENEW,
                client(),
                server(),
                new IaPd(7, 0, 0, List.of(other, new IaPrefix(new Ipv6Address(1L << 61, 0), 56, 9, 9, List.of()))));
        assertThat(renewed.options())
                .anySatisfy(option -> assertThat(option)
                        .isInstanceOfSatisfying(
                                IaPd.class,
                                given -> assertThat(given.options())
                                        .containsExactly(
                                                PREFIX,
                                                other,
                                                new IaPrefix(new Ipv6Address(1L << 61, 0), 56, 0, 0, List.of()))));
    }

    @Test
    void anAddressThatHasToBeFetchedSetsTheManagedFlag() throws WireException {
        HostLink assigned = new HostLink(ROUTER, 2, List.of(), List.of(), ON_LINK, List.of(HOST), 1_280);
        Icmpv6Message.RouterAdvertisement said =
                (Icmpv6Message.RouterAdvertisement) Icmpv6Message.decode(LinkRouter.advertisement(assigned, SETTINGS));
        assertThat(said.managed()).isTrue();
        assertThat(said.prefixes()).isEmpty();
        assertThat(said.dns()).containsExactly(HOST);
    }

    @Test
    void aSolicitationCallsForAnAdvertisement() {
        Icmpv6Message solicitation = new Icmpv6Message.RouterSolicitation();
        assertThat(received(solicitation.encode(HOST, Ipv6Address.ALL_ROUTERS))).isEqualTo(new Reaction.Advertise());
        assertThat(received(solicitation.encode(Ipv6Address.UNSPECIFIED, Ipv6Address.ALL_ROUTERS)))
                .isEqualTo(new Reaction.Advertise());
        assertThat(received(solicitation.encode(HOST, HOST))).isEqualTo(new Reaction.None());
    }

    @Test
    void ourLinkLocalAddressAnswersPingAndNeighbourSolicitations() throws WireException {
        Bytes body = Bytes.ofHex("12340001616263");
        assertThat(answer(new Icmpv6Message.EchoRequest(body).encode(HOST, ROUTER)))
                .isEqualTo(new Icmpv6Message.EchoReply(body).encode(ROUTER, HOST));
        Icmpv6Message asks = new Icmpv6Message.NeighborSolicitation(ROUTER);
        assertThat(answer(asks.encode(HOST, ROUTER.solicitedNode())))
                .isEqualTo(new Icmpv6Message.NeighborAdvertisement(ROUTER, true).encode(ROUTER, HOST));
        assertThat(answer(asks.encode(Ipv6Address.UNSPECIFIED, ROUTER.solicitedNode())))
                .as("a duplicate of ours")
                .isEqualTo(
                        new Icmpv6Message.NeighborAdvertisement(ROUTER, false).encode(ROUTER, Ipv6Address.ALL_NODES));
        assertThat(received(new Icmpv6Message.NeighborSolicitation(HOST)
                        .encode(Ipv6Address.UNSPECIFIED, HOST.solicitedNode())))
                .as("its own duplicate check")
                .isEqualTo(new Reaction.None());
        assertThat(received(new Icmpv6Message.EchoRequest(body).encode(Ipv6Address.ALL_NODES, ROUTER)))
                .as("nobody is answered at a multicast address")
                .isEqualTo(new Reaction.None());
    }

    @Test
    void solicitIsAdvertisedAndRequestIsReplied() throws WireException {
        Dhcpv6Message advertise = dhcp(LINK, Dhcpv6Message.SOLICIT, client(), ANY_PREFIX, ANY_ADDRESS);
        assertThat(advertise.type()).isEqualTo(Dhcpv6Message.ADVERTISE);
        assertThat(advertise.options())
                .containsExactly(
                        client(),
                        server(),
                        new IaPd(7, 21_600, 34_560, List.of(PREFIX)),
                        new IaNa(8, 21_600, 34_560, List.of(ADDRESS)),
                        new Dhcpv6Option.DnsServers(List.of(DNS)));
        Dhcpv6Message reply = dhcp(LINK, Dhcpv6Message.REQUEST, client(), server(), ANY_PREFIX);
        assertThat(reply.type()).isEqualTo(Dhcpv6Message.REPLY);
        assertThat(reply.transactionId()).isEqualTo(0x123456);
        assertThat(reply.options()).contains(new IaPd(7, 21_600, 34_560, List.of(PREFIX)));
    }

    @Test
    void rapidCommitIsTwoMessagesInsteadOfFour() throws WireException {
        Dhcpv6Message reply = dhcp(LINK, Dhcpv6Message.SOLICIT, client(), new Dhcpv6Option.RapidCommit(), ANY_PREFIX);
        assertThat(reply.type()).isEqualTo(Dhcpv6Message.REPLY);
        assertThat(reply.options()).contains(new Dhcpv6Option.RapidCommit());
    }

    @ParameterizedTest
    @ValueSource(ints = {Dhcpv6Message.RENEW, Dhcpv6Message.REBIND})
    void aNodeThatNeverGaveTheLeaseProlongsIt(int type) throws WireException {
        IaPrefix held = new IaPrefix(NETWORK, 56, 5, 10, List.of());
        IaPrefix foreign = new IaPrefix(new Ipv6Address(1L << 61, 0), 56, 5, 10, List.of());
        IaPd ours = new IaPd(7, 1, 2, List.of(held, foreign));
        Dhcpv6Message reply = type == Dhcpv6Message.RENEW
                ? dhcp(LINK, type, client(), server(), ours)
                : dhcp(LINK, type, client(), ours);
        assertThat(reply.options())
                .contains(new IaPd(
                        7, 21_600, 34_560, List.of(PREFIX, new IaPrefix(foreign.prefix(), 56, 0, 0, List.of()))));
    }

    @Test
    void whereNothingIsLeftTheStatusSaysSo() throws WireException {
        Dhcpv6Message advertise = dhcp(BARE, Dhcpv6Message.SOLICIT, client(), ANY_PREFIX, ANY_ADDRESS);
        assertThat(status(((IaPd) advertise.options().get(2)).options())).isEqualTo(StatusCode.NO_PREFIX_AVAIL);
        assertThat(status(((IaNa) advertise.options().get(3)).options())).isEqualTo(StatusCode.NO_ADDRS_AVAIL);
    }

    @Test
    void pitfall_onePrefixIsNotGivenToTwoAssociations() throws WireException {
        Dhcpv6Message reply =
                dhcp(LINK, Dhcpv6Message.REQUEST, client(), server(), ANY_PREFIX, new IaPd(9, 0, 0, List.of()));
        assertThat(((IaPd) reply.options().get(2)).options()).containsExactly(PREFIX);
        assertThat(status(((IaPd) reply.options().get(3)).options())).isEqualTo(StatusCode.NO_PREFIX_AVAIL);
    }

    @Test
    void aHintOfALengthIsNotAPrefixToBeTakenBack() throws WireException {
        IaPd hinting = new IaPd(7, 0, 0, List.of(new IaPrefix(Ipv6Address.UNSPECIFIED, 48, 0, 0, List.of())));
        Dhcpv6Message advertise = dhcp(LINK, Dhcpv6Message.SOLICIT, client(), hinting);
        assertThat(((IaPd) advertise.options().get(2)).options()).containsExactly(PREFIX);
    }

    @Test
    void confirmSaysWhetherTheAddressesAreOfThisLink() throws WireException {
        IaAddress foreign = new IaAddress(new Ipv6Address(1L << 61, 5), 0, 0, List.of());
        assertThat(status(dhcp(LINK, Dhcpv6Message.CONFIRM, client(), new IaNa(1, 0, 0, List.of(ADDRESS)))
                        .options()))
                .isEqualTo(StatusCode.SUCCESS);
        assertThat(status(dhcp(LINK, Dhcpv6Message.CONFIRM, client(), new IaNa(1, 0, 0, List.of(ADDRESS, foreign)))
                        .options()))
                .isEqualTo(StatusCode.NOT_ON_LINK);
        assertThat(asked(LINK, Dhcpv6Message.CONFIRM, client(), ANY_ADDRESS)).isEqualTo(new Reaction.None());
    }

    @Test
    void releaseSucceedsAndInformationIsGiven() throws WireException {
        assertThat(status(dhcp(LINK, Dhcpv6Message.RELEASE, client(), server(), new IaPd(7, 0, 0, List.of(PREFIX)))
                        .options()))
                .isEqualTo(StatusCode.SUCCESS);
        Dhcpv6Message reply = dhcp(LINK, Dhcpv6Message.INFORMATION_REQUEST);
        assertThat(reply.options()).containsExactly(server(), new Dhcpv6Option.DnsServers(List.of(DNS)));
    }

    @Test
    void pitfall_messagesThatRfc8415Section16DiscardsAreDiscarded() {
        Dhcpv6Option other = new Dhcpv6Option.ServerId(Bytes.ofHex("000100"));
        assertThat(List.of(
                        asked(LINK, Dhcpv6Message.SOLICIT, ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.SOLICIT, client(), server(), ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.REQUEST, client(), ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.REQUEST, client(), other, ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.REQUEST, server(), ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.RENEW, client(), other, ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.REBIND, client(), server(), ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.RELEASE, client(), ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.CONFIRM, client(), server(), new IaNa(1, 0, 0, List.of(ADDRESS))),
                        asked(LINK, Dhcpv6Message.INFORMATION_REQUEST, client(), ANY_PREFIX),
                        asked(LINK, Dhcpv6Message.INFORMATION_REQUEST, client(), other),
                        asked(LINK, Dhcpv6Message.ADVERTISE, client(), server()),
                        asked(LINK, Dhcpv6Message.REPLY, client(), server()),
                        asked(LINK, 12, client()),
                        asked(LINK, 255, client())))
                .containsOnly(new Reaction.None());
    }

    @Test
    void pitfall_aMessageByUnicastOrToAnotherPortIsDiscarded() {
        Bytes solicit = new Dhcpv6Message(Dhcpv6Message.SOLICIT, 1, List.of(client(), ANY_PREFIX)).encode();
        assertThat(received(new UdpDatagram(546, 547, solicit).encode(HOST, ROUTER, 1)))
                .isEqualTo(new Reaction.None());
        assertThat(received(new UdpDatagram(546, 53, solicit).encode(HOST, Ipv6Address.ALL_DHCP_SERVERS, 1)))
                .isEqualTo(new Reaction.None());
        assertThat(received(new UdpDatagram(546, 547, solicit)
                        .encode(Ipv6Address.UNSPECIFIED, Ipv6Address.ALL_DHCP_SERVERS, 1)))
                .isEqualTo(new Reaction.None());
    }

    @Test
    void anyOctetsAtAllAreSurvived() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Bytes> good = List.of(
                new Icmpv6Message.NeighborSolicitation(ROUTER)
                        .encode(HOST, ROUTER)
                        .encode(),
                packet(Dhcpv6Message.REQUEST, client(), server(), new IaPd(7, 0, 0, List.of(PREFIX)), ANY_ADDRESS)
                        .encode());
        for (int i = 0; i < 50_000; i++) {
            byte[] octets = good.get(random.nextInt(2)).toByteArray();
            octets = Arrays.copyOf(octets, random.nextInt(3) == 0 ? random.nextInt(octets.length) : octets.length);
            for (int j = random.nextInt(4); j > 0 && octets.length > 0; j--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            assertThat(LinkRouter.received(Bytes.of(octets), LINK, SETTINGS))
                    .as("seed %d", seed)
                    .isNotNull();
        }
    }

    private static Reaction received(Ipv6Packet packet) {
        return LinkRouter.received(packet.encode(), LINK, SETTINGS);
    }

    private static Ipv6Packet answer(Ipv6Packet packet) {
        return ((Reaction.Answer) received(packet)).packet();
    }

    private static Ipv6Packet packet(int type, Dhcpv6Option... options) {
        Bytes octets = new Dhcpv6Message(type, 0x123456, List.of(options)).encode();
        return new UdpDatagram(546, 547, octets).encode(HOST, Ipv6Address.ALL_DHCP_SERVERS, 1);
    }

    private static Reaction asked(HostLink link, int type, Dhcpv6Option... options) {
        return LinkRouter.received(packet(type, options).encode(), link, SETTINGS);
    }

    private static Dhcpv6Message dhcp(HostLink link, int type, Dhcpv6Option... options) throws WireException {
        Ipv6Packet answer = ((Reaction.Answer) asked(link, type, options)).packet();
        assertThat(answer.source()).isEqualTo(ROUTER);
        assertThat(answer.destination()).isEqualTo(HOST);
        UdpDatagram datagram = UdpDatagram.decode(answer);
        assertThat(datagram.destinationPort()).isEqualTo(546);
        return Dhcpv6Message.decode(datagram.payload());
    }

    private static @Nullable Integer status(List<Dhcpv6Option> options) {
        List<Integer> codes = new ArrayList<>();
        for (Dhcpv6Option option : options) {
            if (option instanceof StatusCode(int code, String _)) {
                codes.add(code);
            }
        }
        return codes.isEmpty() ? null : codes.getFirst();
    }

    private static Dhcpv6Option client() {
        return new Dhcpv6Option.ClientId(CLIENT);
    }

    private static Dhcpv6Option server() {
        return new Dhcpv6Option.ServerId(SERVER);
    }
}
