package io.warren.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a node, checked. {@code conf/application.conf} explains every key; a component's name is
 * its key in camel case. Paths are absolute.
 *
 * @param listen where L2TP is spoken
 * @param hostname our Host Name AVP, and our name in CHAP challenges
 * @param tunnelSecret for tunnel authentication and hidden AVPs, or null
 * @param peers what is different for some of them
 * @param pools ranges of subscriber addresses by the pool's name; {@code default} is always there
 * @param gateway our address on every PPP link and on the TUN
 * @param dns given to subscribers: none, one or two
 * @param filters that a user's entry or RADIUS may name
 * @param sessionLimits, sessionTimes, subscribers for users of whom nothing else is said
 */
public record Settings(
        List<HostPort> listen,
        String hostname,
        @Nullable Secret tunnelSecret,
        boolean hideAvps,
        Duration helloInterval,
        boolean helloTolerant,
        int receiveWindow,
        Retransmit retransmit,
        Failover failover,
        Timeouts timeouts,
        Ppp ppp,
        List<PeerSettings> peers,
        Ipv6Service ipv6,
        Path usersFile,
        Map<String, List<Cidr>> pools,
        Ipv4 gateway,
        List<Ipv4> dns,
        RateLimits sessionLimits,
        TimeLimits sessionTimes,
        SubscriberSettings subscribers,
        List<FilterRules> filters,
        RadiusSettings radius,
        Tun tun,
        Udp udp,
        Forwarding forwarding,
        Queues queues,
        Limits limits,
        Path dataDir,
        OnStop onStop,
        Journal journal,
        Cluster cluster,
        Recovery recovery,
        Management management,
        boolean packetDump) {

    /** The pool for users of whom nothing else is said. */
    public static final String DEFAULT_POOL = "default";

    /** What becomes of the calls when the node is told to stop. */
    public enum OnStop {
        /** They stay in the journal and go on when the node starts again. */
        KEEP,
        /** They are ended with CDN and StopCCN. */
        HANGUP
    }

    /** How a subscriber proves who he is. */
    public enum Authentication {
        PAP,
        CHAP_MD5,
        MSCHAP_V2,
        EAP
    }

    /** When an unacknowledged control message is repeated (RFC 2661 §5.8). */
    public record Retransmit(Duration initial, Duration cap, int attempts) {}

    /**
     * What we do for peers that fail and come back (RFC 4951).
     *
     * @param longestRecovery the most that is granted of the time for which a peer asks
     */
    public record Failover(FailoverCapability capability, Duration longestRecovery) {}

    /** When we say that we are capable of failover. */
    public enum FailoverCapability {
        OFF,
        /** To a peer that says so itself. */
        ANSWER,
        /** In our own requests, too. */
        OFFER
    }

    /**
     * How long things may take.
     *
     * @param tunnelSetup from SCCRQ to SCCCN
     * @param callConnect from ICRQ to ICCN
     * @param callSetup from ICCN to IP up
     * @param lcpTerminate from the end of LCP to the peer's CDN, before we send ours
     */
    public record Timeouts(Duration tunnelSetup, Duration callConnect, Duration callSetup, Duration lcpTerminate) {}

    /**
     * The PPP links.
     *
     * @param authentication asked of the peer, best first
     * @param mru largest information field that we want to receive, in octets
     * @param echoInterval silence after which an Echo-Request is sent; zero: never
     * @param echoFailures unanswered Echo-Requests after which the link is dead
     * @param restartTimer the restart timer of RFC 1661 §4.6
     * @param firstRestartTimer the same for the very first Configure-Request
     * @param maxConfigure, maxTerminate, maxFailure the counters of RFC 1661 §4.6
     * @param authenticationTimeout how long a peer may take to prove who he is
     * @param mppe whether packets are encrypted
     * @param mppeBits that a key may have, best first: 40, 128
     * @param deflate whether they are compressed
     * @param proxyLcp, proxyAuthentication what becomes of what a LAC has been through with a peer
     */
    public record Ppp(
            List<Authentication> authentication,
            int mru,
            Duration echoInterval,
            int echoFailures,
            Duration restartTimer,
            Duration firstRestartTimer,
            int maxConfigure,
            int maxTerminate,
            int maxFailure,
            Duration authenticationTimeout,
            Mppe mppe,
            List<Integer> mppeBits,
            Deflate deflate,
            PeerSettings.ProxyLcp proxyLcp,
            PeerSettings.ProxyAuthentication proxyAuthentication) {}

    /** Whether packets are encrypted with MPPE. */
    public enum Mppe {
        OFF,
        /** When the subscriber asks for it. */
        ALLOW,
        /** When the subscriber can. */
        PREFER,
        /** Always: without it there is no call. */
        REQUIRE
    }

    /**
     * Whether packets are compressed with Deflate.
     *
     * @param window that subscribers shall use at most, as an exponent of 2: 8 to 15
     * @param calls of this node that may have it at a time
     */
    public record Deflate(Use use, int window, int calls) {
        /** When packets are compressed. */
        public enum Use {
            OFF,
            /** When the subscriber asks for it. */
            ALLOW,
            /** When the subscriber can. */
            PREFER,
            /** Always: without it there is no call. */
            REQUIRE
        }
    }

    /**
     * IPv6 for subscribers.
     *
     * @param allowed whether it is spoken with those who want it
     * @param pools ranges of /64 prefixes for links, by the pool's name
     * @param delegatedPools ranges of prefixes for the networks behind subscribers, by the pool's name
     * @param delegatedLength of each of those, in bits
     * @param gateway our address on the TUN
     * @param dns given to subscribers: none, one or two
     * @param advertiseEvery between two unsolicited Router Advertisements
     * @param lifetime for which a subscriber may use what it was told without hearing it again
     */
    public record Ipv6Service(
            boolean allowed,
            Map<String, List<Ipv6Range>> pools,
            Map<String, List<Ipv6Range>> delegatedPools,
            int delegatedLength,
            Ipv6 gateway,
            List<Ipv6> dns,
            Duration advertiseEvery,
            Duration lifetime) {}

    /**
     * The TUN device.
     *
     * @param name null for none: the null plane
     * @param mtu octets
     * @param routes networks that the kernel is to give it beside the pools: those of subscribers' own
     */
    public record Tun(@Nullable String name, int mtu, List<AddressPrefix> routes) {}

    /**
     * The UDP sockets.
     *
     * @param receiveBuffer, sendBuffer of each socket, in octets
     */
    public record Udp(int receiveBuffer, int sendBuffer) {}

    /**
     * How packets are forwarded.
     *
     * @param threads in each direction; 0: as many as suit the machine
     * @param dscp of the outer IP header: 0 to 63, or {@link #COPY_DSCP}
     * @param lengthBit whether data packets carry the Length field
     * @param offloads whether to use those that the kernel has
     */
    public record Forwarding(
            int threads, int dscp, DontFragment dontFragment, boolean lengthBit, boolean offloads, Reorder reorder) {
        /** The outer header's DSCP is that of the packet inside. */
        public static final int COPY_DSCP = -1;
    }

    /** The Don't Fragment bit of the outer IP header. */
    public enum DontFragment {
        CLEAR,
        SET,
        COPY
    }

    /**
     * What waits for a late frame of a call with sequence numbers.
     *
     * @param frames so many at most
     * @param longestWait so long at most; the key is {@code wait}
     */
    public record Reorder(int frames, Duration longestWait) {}

    /**
     * How much may wait between the socket's thread and the actors; what is over is dropped and counted.
     *
     * @param control L2TP control messages
     * @param frames PPP frames that are not forwarded
     */
    public record Queues(int control, int frames) {}

    /**
     * What is refused when there is more of it.
     *
     * @param tunnelsPerPeer tunnels from one IP address
     * @param callsInSetup calls of one tunnel between ICRQ and ICCN
     * @param longestWait of control messages for a processor; beyond, no call begins
     */
    public record Limits(
            int tunnels,
            int tunnelsPerPeer,
            int sessionsPerTunnel,
            int callsInSetup,
            Duration longestWait,
            SccrqRate sccrqRate) {}

    /** SCCRQs per second; the same number may come at once. */
    public record SccrqRate(int perSource, int total) {}

    /**
     * The journal.
     *
     * @param retention how long ended tunnels and calls can be looked at
     */
    public record Journal(Database database, Postgresql postgresql, Duration retention) {}

    /** Where the journal is kept. */
    public enum Database {
        /** In a file of this node's. */
        H2,
        /** On a server that all nodes of a cluster share. */
        POSTGRESQL
    }

    /**
     * The PostgreSQL server.
     *
     * @param url {@code jdbc:postgresql://host:port/database}
     * @param password null for none
     * @param connections of this node
     */
    public record Postgresql(
            String url, String user, @Nullable Secret password, int connections) {}

    /**
     * The cluster that this node is in.
     *
     * @param enabled false: a node by itself, and nothing else here matters
     * @param address of this node as the other nodes reach it: an IP address; empty when there is no cluster
     * @param port of the cluster's own messages, TCP
     * @param relayPort of packets between the nodes, UDP
     * @param nodes management addresses of nodes that may exist; empty: as {@code akka.discovery} says
     * @param requiredNodes as many there must be, at least, before they form a new cluster; all that are listed must answer
     * @param secret known to all nodes, so that a packet from elsewhere is not taken for one of theirs; null when there
     *     is no cluster
     * @param drainDelay how long a node that stops waits, not ready any more, for the balancer to look elsewhere
     */
    public record Cluster(
            boolean enabled,
            String address,
            int port,
            int relayPort,
            List<HostPort> nodes,
            int requiredNodes,
            @Nullable Secret secret,
            ReplyPath replyPath,
            int addressBlock,
            Duration drainDelay) {}

    /** How answers go back to a peer. */
    public enum ReplyPath {
        /** Each node has the public address: whichever knows the answer sends it. */
        DIRECT,
        /** Each node has an address of its own behind a NAT balancer: answers leave where the question came in. */
        VIA_INGRESS
    }

    /** Recovery after a start; {@code rate} is in entities per second. */
    public record Recovery(int rate) {}

    /** The management routes; {@code readOnly} forbids hanging up by HTTP. */
    public record Management(boolean readOnly) {}
}
