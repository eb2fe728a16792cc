package io.warren.journal;

import io.warren.config.Cidr;
import io.warren.control.cluster.address.BlockEvent;
import io.warren.control.cluster.address.BlockLease;
import io.warren.control.cluster.address.BlockSnapshot;
import io.warren.control.cluster.address.Loan;
import io.warren.control.cluster.address.LoanEvent;
import io.warren.control.cluster.address.LoanSnapshot;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.SubscriberRoutes;
import io.warren.control.port.SubscriberTerms;
import io.warren.control.port.TrafficLimits;
import io.warren.control.session.SessionEvent;
import io.warren.control.tunnel.CallOffer;
import io.warren.control.tunnel.Role;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSnapshot;
import io.warren.ppp.Ipv6Parameters;
import io.warren.ppp.LinkParameters;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.AvpType;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event of each kind as it is in life, and one with everything absent that may be. */
final class EventSamples {
    static final Instant AT = Instant.parse("2026-11-22T10:15:30.123456Z");

    private static final PeerPath PATH =
            new PeerPath(new Endpoint(Bytes.ofHex("c0000201"), 1701), new Endpoint(Bytes.ofHex("0a000002"), 1701));
    private static final PeerPath PATH6 = new PeerPath(
            new Endpoint(Bytes.ofHex("20010db8000000000000000000000001"), 1701),
            new Endpoint(Bytes.ofHex("20010db8000000000000000000000002"), 40_000));
    private static final ResultCode RESULT = ResultCode.error(4, "no address left");
    private static final Bytes CHALLENGE = Bytes.ofHex("00112233445566778899aabbccddeeff");

    private static final FailoverCapability FAILOVER = new FailoverCapability(true, false, 120_000);

    private EventSamples() {}

    /** By the name under which they are stored; a number tells those of one name apart. */
    static Map<String, Record> all() {
        Map<String, Record> samples = new LinkedHashMap<>();
        samples.put("tunnel-offered", offered());
        samples.put(
                "tunnel-offered-bare",
                new TunnelEvent.TunnelOffered(
                        AT, 1, 65_535, PATH6, "", null, 4, null, null, outgoing(0, 0, "c802"), null));
        samples.put(
                "tunnel-requested",
                new TunnelEvent.TunnelRequested(
                        AT, 4711, PATH, Bytes.ofHex("0102030405060708"), CHALLENGE, outgoing(0, 0, "c801")));
        samples.put(
                "tunnel-established",
                new TunnelEvent.TunnelEstablished(AT, 815, PATH, "lac1", "Acme", 16, outgoing(1, 0, "c803"), null));
        samples.put(
                "tunnel-established-bare",
                new TunnelEvent.TunnelEstablished(AT, 815, PATH, "lac1", null, 16, null, null));
        samples.put("call-offered", new TunnelEvent.CallOffered(AT, call(11), outgoing(2, 77, "8008000000000000000b")));
        samples.put("call-refused", new TunnelEvent.CallRefused(AT, 78, RESULT, outgoing(3, 78, "800e")));
        samples.put("message-sent", new TunnelEvent.MessageSent(AT, 11, outgoing(4, 77, "800c")));
        samples.put("call-ended", new TunnelEvent.CallEnded(AT, 11, outgoing(5, 77, "800e")));
        samples.put("call-ended-bare", new TunnelEvent.CallEnded(AT, 11, null));
        samples.put("numbers-noted", new TunnelEvent.NumbersNoted(AT, 65_535, 0, 65_530));
        samples.put("tunnel-closed", new TunnelEvent.TunnelClosed(AT, "operator", RESULT, outgoing(6, 0, "8004")));
        samples.put("tunnel-closed-bare", new TunnelEvent.TunnelClosed(AT, "peer", ResultCode.of(6), null));
        samples.put("tunnel-snapshot", snapshot());
        failover(samples);
        samples.put("session-connected", connected(11));
        samples.put("network-up", networkUp());
        samples.put(
                "network-up-bare",
                new SessionEvent.NetworkUp(
                        AT,
                        "",
                        new LinkParameters(0, 0, 1500, 1500, false, false, 0, 0x0a000001, List.of()),
                        List.of(),
                        null,
                        null,
                        false));
        samples.put(
                "network-up-limited",
                new SessionEvent.NetworkUp(AT, "alice", networkUp().link(), List.of(), limits(), null, false));
        samples.put(
                "network-up-profile",
                new SessionEvent.NetworkUp(AT, "alice", networkUp().link(), List.of(), null, profile(), true));
        samples.put(
                "network-up-terms",
                new SessionEvent.NetworkUp(AT, "alice", networkUp().link(), List.of(), null, terms(), false));
        ipv6(samples);
        mppe(samples);
        samples.put("limits-changed", new SessionEvent.LimitsChanged(AT, limits(), "operator"));
        accounting(samples);
        samples.put("session-closed", closed());
        samples.put("session-closed-bare", new SessionEvent.Closed(AT, "peer", "", null, null, SessionCounters.ZERO));
        addresses(samples);
        return samples;
    }

    private static SubscriberProfile terms() {
        return SubscriberProfile.NONE.with(new SubscriberTerms(
                new SubscriberRoutes(
                        List.of(Cidr.parse("10.9.0.0/24"), Cidr.parse("10.10.0.0/16")),
                        List.of(new Ipv6Prefix(0x2001_0db8_9000_0000L, 0, 36))),
                1_400,
                AT,
                true));
    }

    private static void accounting(Map<String, Record> samples) {
        samples.put("timeouts-changed", new SessionEvent.TimeoutsChanged(AT, 3600, 0, "radius server one", null));
        samples.put("timeouts-changed-until", new SessionEvent.TimeoutsChanged(AT, 0, 600, "radius server one", AT));
        samples.put(
                "filters-changed",
                new SessionEvent.FiltersChanged(AT, List.of("garden", "no-mail.in"), "radius server one"));
        samples.put("accounting-started", new SessionEvent.AccountingStarted(AT));
        samples.put(
                "traffic-noted",
                new SessionEvent.TrafficNoted(
                        AT, new SessionCounters(1, 2, 3, 4, 5), -7, new SessionCounters(1, 1, 1, 1, 1)));
        samples.put(
                "session-over",
                new SessionEvent.Over(
                        AT,
                        "peer",
                        "CDN 3",
                        RESULT,
                        new DisconnectCause(3, 0xc021, 1, "bye"),
                        new SessionCounters(1, 2, 3, 4, 5),
                        1));
        samples.put("session-over-bare", new SessionEvent.Over(AT, "tunnel", "", null, null, SessionCounters.ZERO, 3));
    }

    private static void mppe(Map<String, Record> samples) {
        samples.put(
                "network-up-mppe",
                new SessionEvent.NetworkUp(
                        AT,
                        "alice",
                        new LinkParameters(
                                1, 2, 1500, 1492, false, false, 0x0a010001, 0x0a010203, List.of(), false, null, 128),
                        List.of(),
                        null,
                        null,
                        false));
    }

    private static void ipv6(Map<String, Record> samples) {
        samples.put(
                "network-up-ipv6",
                new SessionEvent.NetworkUp(
                        AT,
                        "alice",
                        new LinkParameters(
                                1,
                                2,
                                1500,
                                1492,
                                false,
                                false,
                                0x0a010001,
                                0x0a010203,
                                List.of(),
                                true,
                                new Ipv6Parameters(0x0011_22ff_fe33_4455L, -1)),
                        List.of(),
                        null,
                        profile(),
                        false));
    }

    private static void addresses(Map<String, Record> samples) {
        samples.put("block-leased", new BlockEvent.BlockLeased(AT, 255, 0x64400040, 26));
        samples.put("block-returned", new BlockEvent.BlockReturned(AT, 255, 0x64400040));
        samples.put("blocks-claimed", new BlockEvent.BlocksClaimed(AT, 0));
        samples.put(
                "block-snapshot",
                new BlockSnapshot(
                        7,
                        List.of(
                                new BlockLease(new Cidr(0x64400000, 26), 0, 6),
                                new BlockLease(new Cidr(0xc0000200, 30), 255, 1))));
        samples.put("address-lent", new LoanEvent.AddressLent(AT, 0xc0000207, new SessionKey(4711, 11), -2L));
        samples.put("address-returned", new LoanEvent.AddressReturned(AT, 0xc0000207));
        samples.put(
                "loan-snapshot",
                new LoanSnapshot(List.of(new Loan(0xc0000207, new SessionKey(4711, 11), 1_234_567_890_123L))));
        samples.put("loan-snapshot-bare", new LoanSnapshot(List.of()));
    }

    /** RFC 4951. */
    private static void failover(Map<String, Record> samples) {
        samples.put(
                "tunnel-established-failover",
                new TunnelEvent.TunnelEstablished(AT, 815, PATH, "lac1", "Acme", 16, null, FAILOVER));
        samples.put("recovery-offered", recovery(CHALLENGE));
        samples.put("recovery-offered-bare", recovery(null));
        samples.put("tunnel-recovered", new TunnelEvent.TunnelRecovered(AT, 8_199, 65_535));
        samples.put("recovery-ended", new TunnelEvent.RecoveryEnded(AT, 4712, "peer"));
        samples.put("tunnel-snapshot-failover", recoveredSnapshot());
    }

    static TunnelEvent.TunnelOffered offered() {
        return new TunnelEvent.TunnelOffered(
                AT,
                4711,
                815,
                PATH,
                "lac1.example.net",
                "Acme",
                16,
                Bytes.ofHex("0102030405060708"),
                CHALLENGE,
                outgoing(0, 0, "c8020000000000000002".repeat(8)),
                null);
    }

    static TunnelSnapshot snapshot() {
        return new TunnelSnapshot(
                AT,
                "established",
                Role.RESPONDER,
                4711,
                815,
                PATH,
                "lac1.example.net",
                null,
                16,
                null,
                null,
                7,
                9,
                5,
                List.of(outgoing(5, 77, "800b"), outgoing(6, 78, "800b")),
                List.of(call(11)),
                null,
                null);
    }

    private static TunnelSnapshot recoveredSnapshot() {
        return new TunnelSnapshot(
                AT,
                "established",
                Role.RESPONDER,
                4711,
                815,
                PATH,
                "lac1",
                null,
                16,
                null,
                null,
                7,
                9,
                7,
                List.of(),
                List.of(),
                FAILOVER,
                recovery(null));
    }

    private static TunnelEvent.RecoveryOffered recovery(@Nullable Bytes challenge) {
        return new TunnelEvent.RecoveryOffered(
                AT, 4712, 816, PATH, 16, challenge, 8_199, 8_201, outgoing(0, 0, "c802"));
    }

    static CallOffer call(int sessionId) {
        return new CallOffer(
                new SessionKey(4711, sessionId),
                PATH,
                false,
                815,
                77,
                "lac1.example.net",
                4_000_000_000L,
                "+4912345",
                "+4967890",
                null,
                new AccessLine(Map.of(AvpType.AGENT_CIRCUIT_ID, Bytes.ofHex("65746820312f3120"))),
                AT);
    }

    static SessionEvent.Connected connected(int sessionId) {
        return new SessionEvent.Connected(AT, call(sessionId), 100_000_000L, 10_500_000L, true);
    }

    static SessionEvent.NetworkUp networkUp() {
        return new SessionEvent.NetworkUp(
                AT,
                "alice@example.net",
                new LinkParameters(
                        0xdeadbeefL, 0xcafebabeL, 1500, 1492, true, true, 0x0a010001, 0x0a010203, List.of(0x08080808)),
                List.of("10.1.2.0/24"),
                null,
                null,
                false);
    }

    static SubscriberProfile profile() {
        Ipv6Prefix prefix = new Ipv6Prefix(0x20010db800010000L, 0, 64);
        return new SubscriberProfile(
                86_400,
                600,
                300,
                List.of(Bytes.ofHex("0102")),
                List.of("garden"),
                new SubscriberIpv6(
                        List.of(prefix),
                        List.of(new Ipv6Prefix(0x20010db800020000L, 0, 56)),
                        1L,
                        new Ipv6Prefix(0x20010db800010000L, 2, 128),
                        "pool",
                        "delegated",
                        "addresses",
                        List.of(prefix.address()),
                        List.of("2001:db8:2::/48")));
    }

    private static TrafficLimits limits() {
        return new TrafficLimits(625_000, 0, 2_500_000, 262_144, 20_000);
    }

    static SessionEvent.Closed closed() {
        return new SessionEvent.Closed(
                AT,
                "peer",
                "the caller hung up",
                RESULT,
                new DisconnectCause(3, 0xc021, 1, "bye"),
                new SessionCounters(1_000_000, 1_400_000_000_000L, 2_000_000, 2_800_000_000_000L, 7));
    }

    static TunnelEvent.Outgoing outgoing(int ns, int sessionId, String hex) {
        return new TunnelEvent.Outgoing(ns, 40_000, 65_535, sessionId, Bytes.ofHex(hex));
    }
}
