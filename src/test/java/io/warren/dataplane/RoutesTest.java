package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.Ipv6;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Networks behind subscribers: at the node that has the call, and through any other, over real sockets. */
class RoutesTest extends RelayedNodes {
    private static final int OTHER_SHARD = 4;
    private static final SessionKey OTHER = new SessionKey(OTHER_SHARD << 8 | 1, 5);
    private static final int THIRD_SHARD = 5;
    private static final SessionKey THIRD = new SessionKey(THIRD_SHARD << 8 | 1, 6);
    private static final int THIRDS_ADDRESS = address("10.64.0.66");
    private static final int OTHERS_ADDRESS = address("10.9.0.77");
    private static final Cidr NETWORK = Cidr.parse("10.9.0.0/24");
    private static final String LINK = "2001:db8:0:7::5";
    private static final Ipv6Prefix OWN = Ipv6Samples.prefix("2001:db8:0:7::", 64);
    /** Of the pool, which this network holds. */
    private static final String OTHERS_LINK = "2001:db8:0:9::5";

    private static final int OTHERS_INDEX =
            RelayedNode.PREFIXES.find(Ipv6.parse(OTHERS_LINK).high());
    private static final Ipv6Prefix POOL6 = Ipv6Samples.prefix("2001:db8::", 36);
    private static final Ipv6Prefix NETWORK6 = Ipv6Samples.prefix("2001:db8:9000::", 36);
    private static final String BEHIND6 = "2001:db8:9abc::1";
    private static final String SERVER6 = "2001:db8:ffff::1";

    /** Whose address the peer spoke to; null: the owner's. */
    private @Nullable RelayedNode facing;

    private ForwardingEntry routed(SessionKey key, int address, List<Cidr> routes, List<Ipv6Prefix> ipv6Routes) {
        return routed(key, address, routes, List.of(OWN), ipv6Routes);
    }

    private ForwardingEntry routed(
            SessionKey key, int address, List<Cidr> routes, List<Ipv6Prefix> prefixes, List<Ipv6Prefix> ipv6Routes) {
        return new ForwardingEntry(
                key,
                new PeerPath(facing == null ? owner.local() : facing.local(), peer),
                0x1234,
                key.sessionId(),
                address,
                1_400,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE,
                new ForwardingEntry.Ipv6(prefixes, ipv6Routes),
                null,
                List.of(),
                routes,
                null);
    }

    private static byte[] to(String address) {
        return Samples.udpPacket(SERVER, address(address), 64);
    }

    private static byte[] from(SessionKey key, String address) {
        return Samples.data(
                0,
                key.tunnelId(),
                key.sessionId(),
                0,
                concat(hex("ff030021"), Samples.udpPacket(address(address), SERVER, 64)));
    }

    private static byte[] from6(String address) {
        return Samples.data(
                0, KEY.tunnelId(), KEY.sessionId(), 0, concat(hex("ff030057"), Ipv6Samples.udp(address, SERVER6, 64)));
    }

    /** The Session ID in what the peer gets: that is how it is seen whose packet it was. */
    private int sessionAtPeer() throws IOException {
        byte[] datagram = atPeer();
        return (datagram[4] & 0xff) << 8 | datagram[5] & 0xff;
    }

    private void place(Map<Ipv6Prefix, Integer> routes, Map<Integer, Integer> blocks, Map<Integer, Integer> singles) {
        Map<Integer, Placement.Shard> shards = Map.of(
                SHARD, new Placement.Shard(owner.relay(), standby.relay()),
                OTHER_SHARD, new Placement.Shard(standby.relay(), owner.relay()),
                THIRD_SHARD, new Placement.Shard(third.relay(), null));
        List<RelayedNode> nodes = List.of(owner, standby, third);
        for (RelayedNode node : nodes) {
            node.plane.place(new Placement(
                    node.relay(),
                    nodes.stream()
                            .map(RelayedNode::relay)
                            .filter(relay -> !relay.equals(node.relay()))
                            .toList(),
                    shards,
                    64,
                    blocks,
                    singles,
                    Map.of(),
                    routes));
        }
        nodes.forEach(RelayedNode::hearAll);
    }

    @Test
    void aNetworkBehindACallIsReachedAndMaySend() throws IOException {
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6)));
        owner.down(to("10.9.0.200"));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
        owner.down(Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
        owner.up(peer, from(KEY, "10.9.0.200"));
        owner.up(peer, from6(BEHIND6));
        owner.up(peer, from6(LINK));
        assertThat(owner.network).hasSize(3);

        owner.down(to("10.9.1.1"));
        assertThat(owner.drops.count(DropReason.NO_SUBSCRIBER)).isOne();
        owner.up(peer, from(KEY, "10.9.1.1"));
        owner.up(peer, from6("2001:db8:a000::1"));
        assertThat(owner.drops.count(DropReason.WRONG_INNER_SOURCE))
                .as("BCP 38")
                .isEqualTo(2);

        owner.table.remove(KEY);
        owner.down(to("10.9.0.200"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(owner.drops.count(DropReason.NO_SUBSCRIBER)).isEqualTo(3);
    }

    @Test
    void theLongestRouteCountsAndACallsOwnAddressBeforeAnyRoute() throws IOException {
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6)));
        owner.table.install(routed(
                OTHER,
                OTHERS_ADDRESS,
                List.of(Cidr.parse("10.9.0.128/25")),
                List.of(Ipv6Samples.prefix("2001:db8:9aaa::", 64)),
                List.of(Ipv6Samples.prefix("2001:db8:9abc::", 48))));
        for (String others : List.of("10.9.0.77", "10.9.0.200")) {
            owner.down(to(others));
            assertThat(sessionAtPeer()).as(others).isEqualTo(OTHER.sessionId());
        }
        owner.down(to("10.9.0.78"));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
        owner.down(Ipv6Samples.udp(SERVER6, BEHIND6, 64), Ipv6Samples.udp(SERVER6, "2001:db8:9aaa::1", 64));
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(OTHER.sessionId());

        owner.up(peer, from(KEY, "10.9.0.77"));
        owner.up(peer, from6("2001:db8:9aaa::1"));
        assertThat(owner.drops.count(DropReason.WRONG_INNER_SOURCE))
                .as("another call's own addresses, in a route of ours")
                .isEqualTo(2);
        owner.table.remove(OTHER);
        owner.down(to("10.9.0.77"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(KEY.sessionId());
    }

    /** A main line and its backup: the one that came last has the network, and the first again when that is gone. */
    @Test
    void ofTwoCallsWithOneRouteTheLastHasItUntilItEnds() throws IOException {
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6)));
        owner.table.install(routed(OTHER, address("10.64.0.10"), List.of(NETWORK), List.of(), List.of(NETWORK6)));
        assertThat(owner.table.contestedRoutes()).isEqualTo(2);
        owner.table.limit(KEY, new TrafficLimits(1_000_000, 100_000, 0, 0, 0));
        owner.down(to("10.9.0.1"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(List.of(sessionAtPeer(), sessionAtPeer()))
                .as("who is changed does not come anew")
                .containsOnly(OTHER.sessionId());
        for (SessionKey line : List.of(KEY, OTHER)) {
            owner.up(peer, from(line, "10.9.0.1"));
        }
        assertThat(owner.network).as("either may send").hasSize(2);

        owner.table.remove(OTHER);
        owner.down(to("10.9.0.1"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(KEY.sessionId());
        owner.table.remove(KEY);
        owner.down(to("10.9.0.1"));
        assertThat(owner.drops.count(DropReason.NO_SUBSCRIBER)).isOne();
    }

    @Test
    void aSubscribersOwnPrefixGoesBeforeAnEqualRoute() throws IOException {
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(), List.of(NETWORK6)));
        owner.table.install(routed(OTHER, OTHERS_ADDRESS, List.of(), List.of(NETWORK6), List.of()));
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(), List.of(NETWORK6)));
        owner.down(Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(sessionAtPeer()).isEqualTo(OTHER.sessionId());
        owner.table.remove(OTHER);
        owner.down(Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
    }

    @Test
    void anyNodeFindsTheOwnerOfANetworkAndTheStandbyWhenThatIsSilent() throws IOException {
        place(Map.of(Placement.ipv4(NETWORK), SHARD, NETWORK6, SHARD), Map.of(), Map.of(SUBSCRIBER, SHARD));
        install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6)));
        third.down(to("10.9.0.200"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        owner.pump();
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(KEY.sessionId());
        standby.down(to("10.9.0.200"));
        owner.pump();
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());

        standby.miss(owner);
        facing = standby;
        standby.plane.standBy(List.of(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6))));
        standby.down(to("10.9.0.200"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(KEY.sessionId());
        third.down(to("10.9.1.1"));
        assertThat(third.drops.count(DropReason.NO_SUBSCRIBER)).isOne();
    }

    /** A block says only that its addresses are nobody else's; what has no call of its own may be behind one. */
    @Test
    void aRouteInsideAnothersBlockIsFoundThere() throws IOException {
        place(
                Map.of(Placement.ipv4(NETWORK), SHARD),
                Map.of(address("10.9.0.64"), OTHER_SHARD),
                Map.of(SUBSCRIBER, SHARD));
        install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of()));
        third.down(to("10.9.0.100"));
        standby.pump();
        owner.pump();
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
    }

    /** The address itself goes before the route also where they are on different nodes. */
    @Test
    void aCallElsewhereGoesBeforeARouteHere() throws IOException {
        place(Map.of(Placement.ipv4(NETWORK), SHARD), Map.of(), Map.of(SUBSCRIBER, SHARD, OTHERS_ADDRESS, OTHER_SHARD));
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of()));
        facing = standby;
        standby.table.install(routed(OTHER, OTHERS_ADDRESS, List.of(), List.of()));
        owner.down(to("10.9.0.77"));
        standby.pump();
        assertThat(sessionAtPeer()).isEqualTo(OTHER.sessionId());
        owner.down(to("10.9.0.78"));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
    }

    /** A call whose peer speaks to this node. */
    private ForwardingEntry at(
            RelayedNode node,
            SessionKey key,
            int address,
            List<Cidr> routes,
            List<Ipv6Prefix> own,
            List<Ipv6Prefix> more) {
        facing = node;
        ForwardingEntry entry = routed(key, address, routes, own, more);
        facing = null;
        return entry;
    }

    private void refuses(RelayedNode node, byte[]... packets) {
        for (byte[] packet : packets) {
            long before = node.drops.count(DropReason.WRONG_INNER_SOURCE);
            node.up(peer, packet);
            assertThat(node.drops.count(DropReason.WRONG_INNER_SOURCE)).isEqualTo(before + 1);
        }
        assertThat(node.network).isEmpty();
    }

    private void accepts(RelayedNode node, byte[]... packets) {
        for (byte[] packet : packets) {
            node.up(peer, packet);
        }
        assertThat(node.network).containsExactly(inner(packets));
        node.network.clear();
    }

    /** Behind the L2TP header and that of PPP. */
    private static byte[][] inner(byte[][] packets) {
        return Stream.of(packets)
                .map(packet -> Arrays.copyOfRange(packet, 10, packet.length))
                .toArray(byte[][]::new);
    }

    @Test
    void nobodySendsFromAnAddressThatIsAnotherNodesToGive() {
        place(
                Map.of(),
                Map.of(address("10.9.0.128"), OTHER_SHARD, address("10.9.0.192"), SHARD),
                Map.of(OTHERS_ADDRESS, OTHER_SHARD, OTHERS_INDEX, OTHER_SHARD));
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(POOL6)));
        refuses(owner, from(KEY, "10.9.0.77"), from(KEY, "10.9.0.130"), from6(OTHERS_LINK));
        accepts(owner, from(KEY, "10.9.0.78"), from(KEY, "10.9.0.200"), from6("2001:db8:0:a::1"), from6(LINK));
    }

    @Test
    void nobodySendsFromASmallerNetworkBehindACallElsewhere() {
        Cidr half = Cidr.parse("10.9.0.128/25");
        place(
                Map.of(
                        Placement.ipv4(NETWORK),
                        SHARD,
                        Placement.ipv4(half),
                        THIRD_SHARD,
                        NETWORK6,
                        THIRD_SHARD,
                        Ipv6Samples.prefix("2001:db8:9abc::", 48),
                        THIRD_SHARD),
                Map.of(),
                Map.of());
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6)));
        refuses(owner, from(KEY, "10.9.0.200"), from6(BEHIND6));
        accepts(owner, from(KEY, "10.9.0.1"), from6("2001:db8:9aaa::1"));
    }

    @Test
    void nobodySendsFromOurAddress() {
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(Cidr.parse("10.0.0.0/8")), List.of(NETWORK6)));
        refuses(owner, from(KEY, "10.64.0.1"), from6("2001:db8:9fff::1"));
        accepts(owner, from(KEY, "10.64.0.2"), from6("2001:db8:9fff::2"));
    }

    @Test
    void ofCallsHereTheOneWithTheSmallestNetworkSendsFromIt() {
        owner.table.install(routed(
                KEY,
                SUBSCRIBER,
                List.of(Cidr.parse("10.0.0.0/8")),
                List.of(NETWORK6, Ipv6Samples.prefix("2001:db8:9811::", 48))));
        owner.table.install(routed(
                OTHER,
                OTHERS_ADDRESS,
                List.of(Cidr.parse("10.1.0.0/16")),
                List.of(Ipv6Samples.prefix("2001:db8:9800::", 40)),
                List.of(Ipv6Samples.prefix("2001:db8:9abc::", 48))));
        refuses(owner, from(KEY, "10.1.2.3"), from6(BEHIND6));
        refuses(owner, from6("2001:db8:9822::1"), from6("2001:db8:9811::1"));
        accepts(owner, from(KEY, "10.2.0.1"), from(OTHER, "10.1.2.3"), from6("2001:db8:9aaa::1"));
        owner.table.remove(OTHER);
        accepts(owner, from(KEY, "10.1.2.3"), from6(BEHIND6), from6("2001:db8:9811::1"));
    }

    /** Not for a call at a third node, behind which the address would be if nobody had it. */
    @Test
    void whatACallElsewhereHasWaitsForItsNodeWhileThatIsSilent() throws IOException {
        place(
                Map.of(Placement.ipv4(NETWORK), THIRD_SHARD, POOL6, THIRD_SHARD),
                Map.of(),
                Map.of(OTHERS_ADDRESS, OTHER_SHARD, OTHERS_INDEX, OTHER_SHARD));
        third.table.install(at(third, THIRD, THIRDS_ADDRESS, List.of(NETWORK), List.of(), List.of(POOL6)));
        Ipv6Prefix link = Ipv6Samples.prefix("2001:db8:0:9::", 64);
        owner.plane.standBy(List.of(at(owner, OTHER, OTHERS_ADDRESS, List.of(), List.of(link), List.of())));
        third.miss(standby);
        owner.miss(standby);
        third.hear(owner);
        third.down(to("10.9.0.77"), Ipv6Samples.udp(SERVER6, OTHERS_LINK, 64));
        owner.pump();
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(OTHER.sessionId());
        third.miss(owner);
        third.down(to("10.9.0.77"), Ipv6Samples.udp(SERVER6, OTHERS_LINK, 64));
        assertThat(third.drops.count(DropReason.NO_OWNER)).isEqualTo(2);
        third.down(to("10.9.0.78"));
        assertThat(sessionAtPeer()).isEqualTo(THIRD.sessionId());
    }

    @Test
    void whoStandsByForANetworkAsksWhoHasTheAddress() throws IOException {
        place(
                Map.of(Placement.ipv4(NETWORK), SHARD, POOL6, SHARD),
                Map.of(),
                Map.of(OTHERS_ADDRESS, THIRD_SHARD, OTHERS_INDEX, THIRD_SHARD));
        install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(POOL6)));
        Ipv6Prefix link = Ipv6Samples.prefix("2001:db8:0:9::", 64);
        third.table.install(at(third, THIRD, OTHERS_ADDRESS, List.of(), List.of(link), List.of()));
        standby.down(to("10.9.0.77"), Ipv6Samples.udp(SERVER6, OTHERS_LINK, 64));
        owner.pump();
        third.pump();
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(THIRD.sessionId());
    }

    @Test
    void theLongestRouteCountsAlsoWhereItIsElsewhere() throws IOException {
        Cidr half = Cidr.parse("10.9.0.128/25");
        Ipv6Prefix part = Ipv6Samples.prefix("2001:db8:9abc::", 48);
        place(
                Map.of(
                        Placement.ipv4(NETWORK),
                        SHARD,
                        Placement.ipv4(half),
                        THIRD_SHARD,
                        NETWORK6,
                        SHARD,
                        part,
                        THIRD_SHARD),
                Map.of(),
                Map.of());
        install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of(NETWORK6)));
        third.table.install(at(third, THIRD, THIRDS_ADDRESS, List.of(half), List.of(), List.of(part)));
        for (RelayedNode node : List.of(owner, standby, third)) {
            node.down(to("10.9.0.200"), Ipv6Samples.udp(SERVER6, BEHIND6, 64), to("10.9.0.1"));
            owner.pump();
            third.pump();
            assertThat(List.of(sessionAtPeer(), sessionAtPeer(), sessionAtPeer()))
                    .containsExactlyInAnyOrder(THIRD.sessionId(), THIRD.sessionId(), KEY.sessionId());
        }
    }

    @Test
    void aRouteOfACallHereCountsBeforeItHasBeenAnnounced() throws IOException {
        place(Map.of(Placement.ipv4(NETWORK), THIRD_SHARD, NETWORK6, THIRD_SHARD), Map.of(), Map.of());
        owner.table.install(routed(
                KEY,
                SUBSCRIBER,
                List.of(Cidr.parse("10.9.0.128/25")),
                List.of(Ipv6Samples.prefix("2001:db8:9abc::", 48))));
        owner.down(to("10.9.0.200"), Ipv6Samples.udp(SERVER6, BEHIND6, 64));
        assertThat(List.of(sessionAtPeer(), sessionAtPeer())).containsOnly(KEY.sessionId());
    }

    @Test
    void anEqualRouteHereCountsWhileNobodyIsThereForTheOther() throws IOException {
        place(Map.of(Placement.ipv4(NETWORK), THIRD_SHARD), Map.of(), Map.of());
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of()));
        third.table.install(at(third, THIRD, THIRDS_ADDRESS, List.of(NETWORK), List.of(), List.of()));
        owner.down(to("10.9.0.200"));
        third.pump();
        assertThat(sessionAtPeer()).isEqualTo(THIRD.sessionId());
        owner.miss(third);
        owner.down(to("10.9.0.200"));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
    }

    /** Who stands by has all its calls: what is none of theirs may be behind one of ours. */
    @Test
    void aRouteInsideTheBlockOfASilentNodeIsFoundByItsStandby() throws IOException {
        place(Map.of(Placement.ipv4(NETWORK), SHARD), Map.of(address("10.9.0.64"), OTHER_SHARD), Map.of());
        owner.table.install(routed(KEY, SUBSCRIBER, List.of(NETWORK), List.of()));
        owner.miss(standby);
        owner.down(to("10.9.0.100"));
        assertThat(sessionAtPeer()).isEqualTo(KEY.sessionId());
    }

    @Test
    void aPrefixOfNoPoolIsFoundWhateverItsLength() throws IOException {
        for (int length : new int[] {16, 33, 47, 49, 57, 63}) {
            Ipv6Prefix prefix = Ipv6Samples.prefix("2a00:1234:5678:9abc::", length);
            place(Map.of(prefix, SHARD), Map.of(), Map.of());
            owner.table.install(routed(KEY, SUBSCRIBER, List.of(), List.of(prefix), List.of()));
            third.down(Ipv6Samples.udp(SERVER6, "2a00:1234:5678:9abc::1", 64));
            owner.pump();
            assertThat(sessionAtPeer()).as("/%d", length).isEqualTo(KEY.sessionId());
        }
    }

    @Test
    void theMapOfPrefixesForgetsLengthsThatNobodyHas() {
        PrefixMap map = new PrefixMap();
        owner.table.install(Samples.entry(1, 1, 1));
        Slot slot = Objects.requireNonNull(owner.table.up(ForwardingTable.key(new SessionKey(1, 1))));
        List<Ipv6Prefix> prefixes = Stream.of(8, 24, 32)
                .map(length -> new Ipv6Prefix(0x0a09_0000_0000_0000L, 0, length))
                .toList();
        prefixes.forEach(prefix -> map.put(prefix, slot));
        assertThat(map.get(0x0a09_0000_0000_0000L)).isSameAs(slot);
        prefixes.forEach(map::remove);
        assertThat(map.get(0x0a09_0000_0000_0000L)).isNull();
        map.put(prefixes.getFirst(), slot);
        assertThat(map.get(0x0aff_0000_0000_0000L)).isSameAs(slot);
    }
}
