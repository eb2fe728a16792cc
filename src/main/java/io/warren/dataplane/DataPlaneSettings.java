package io.warren.dataplane;

import io.warren.config.Ipv6;
import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import io.warren.wire.l2tp.TunnelSecret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DataPlane} is made of.
 *
 * @param listen addresses and ports to listen on; 0.0.0.0 is all addresses, port 0 any free port
 * @param tunName the TUN device; null: the null plane
 * @param gateway our PPP address, big-endian; the TUN device has it too
 * @param routes what is routed to the TUN device: the subscribers' pools
 * @param mtu of the TUN device, 576 to 65,000
 * @param sizes of buffers and queues
 * @param secret for hidden AVPs
 * @param forwarding how packets are forwarded
 * @param relay null: a node by itself
 * @param ipv6 null: none
 */
public record DataPlaneSettings(
        List<Endpoint> listen,
        @Nullable String tunName,
        int gateway,
        List<Route> routes,
        int mtu,
        Sizes sizes,
        @Nullable TunnelSecret secret,
        Forwarding forwarding,
        @Nullable Relay relay,
        @Nullable Ipv6Network ipv6) {
    /**
     * IPv6 on the TUN device.
     *
     * @param gateway our address there
     * @param prefixes of the subscribers, all of which are routed to it
     * @param routes other networks that are
     */
    public record Ipv6Network(Ipv6 gateway, PrefixPlan prefixes, List<Ipv6Range> routes) {
        public Ipv6Network {
            routes = List.copyOf(routes);
        }

        /** Without other networks. */
        public Ipv6Network(Ipv6 gateway, PrefixPlan prefixes) {
            this(gateway, prefixes, List.of());
        }
    }

    /**
     * How packets go to and from other nodes of a cluster.
     *
     * @param listen an IPv4 address of this node as the others reach it, and a UDP port; not the wildcard
     * @param secret known to all nodes
     */
    public record Relay(Endpoint listen, Secret secret) {
        public Relay {
            require(
                    listen.address().length() == 4
                            && !listen.toSocketAddress().getAddress().isAnyLocalAddress(),
                    "a relay is at one IPv4 address, not at " + listen);
        }
    }

    /**
     * How much of everything there is.
     *
     * @param receiveBuffer wished size of each UDP socket's receive buffer, in octets
     * @param sendBuffer wished size of each UDP socket's send buffer, in octets
     * @param batchSize packets taken or sent with one system call, 1 to 1,024
     * @param controlQueue control packets that may wait for the control plane
     * @param frameQueue PPP frames that may wait for the control plane
     */
    public record Sizes(int receiveBuffer, int sendBuffer, int batchSize, int controlQueue, int frameQueue) {
        public static final int DEFAULT_BATCH_SIZE = 64;

        public static final Sizes DEFAULT = new Sizes(8 << 20, 8 << 20, DEFAULT_BATCH_SIZE, 8_192, 8_192);

        public Sizes {
            require(batchSize >= 1 && batchSize <= 1_024, "batchSize is 1 to 1,024, not " + batchSize);
            require(receiveBuffer > 0 && sendBuffer > 0, "socket buffers are more than 0 octets");
            require(controlQueue > 0 && frameQueue > 0, "queue bounds are more than 0");
        }
    }

    /**
     * How packets are forwarded.
     *
     * @param queues sockets for each address, and queues of the TUN device, each with threads of its own: 1 to 64
     * @param dscp of the outer IP header
     * @param dontFragment of the outer IP header
     * @param lengthBit whether data packets carry the Length field (RFC 2661 §3.1)
     * @param offloads whether to use those that the kernel has
     * @param reorderFrames how many frames may wait for one that is late, of a call with sequence numbers; 0: none
     * @param reorderWait how long they wait for it
     * @param filters that calls may name
     * @param deflateCalls how many calls may have histories of what was compressed
     */
    public record Forwarding(
            int queues,
            OuterDscp dscp,
            OuterDontFragment dontFragment,
            boolean lengthBit,
            boolean offloads,
            int reorderFrames,
            Duration reorderWait,
            Filters filters,
            int deflateCalls) {
        /** The most that any machine profits from. */
        public static final int MOST_QUEUES = 64;

        private static final int USUAL_QUEUES = 8;

        public static final Forwarding DEFAULT = new Forwarding(
                defaultQueues(Runtime.getRuntime().availableProcessors()),
                OuterDscp.NONE,
                OuterDontFragment.CLEAR,
                false,
                true,
                16,
                Duration.ofMillis(20));

        private static final int USUAL_DEFLATE_CALLS = 1_000;

        /** With the usual bound for compression. */
        public Forwarding(
                int queues,
                OuterDscp dscp,
                OuterDontFragment dontFragment,
                boolean lengthBit,
                boolean offloads,
                int reorderFrames,
                Duration reorderWait,
                Filters filters) {
            this(
                    queues,
                    dscp,
                    dontFragment,
                    lengthBit,
                    offloads,
                    reorderFrames,
                    reorderWait,
                    filters,
                    USUAL_DEFLATE_CALLS);
        }

        /** Without filters. */
        public Forwarding(
                int queues,
                OuterDscp dscp,
                OuterDontFragment dontFragment,
                boolean lengthBit,
                boolean offloads,
                int reorderFrames,
                Duration reorderWait) {
            this(queues, dscp, dontFragment, lengthBit, offloads, reorderFrames, reorderWait, Filters.NONE);
        }

        public Forwarding {
            require(queues >= 1 && queues <= MOST_QUEUES, "queues are 1 to " + MOST_QUEUES + ", not " + queues);
            require(
                    reorderFrames >= 0 && reorderFrames <= ReorderWindow.MOST_FRAMES,
                    "0 to " + ReorderWindow.MOST_FRAMES + " frames may wait, not " + reorderFrames);
            require(!reorderWait.isNegative(), "nothing can wait for " + reorderWait);
        }

        /** One for two processors, since each has a thread for either direction; at most {@link #USUAL_QUEUES}. */
        public static int defaultQueues(int processors) {
            return Math.max(1, Math.min(processors / 2, USUAL_QUEUES));
        }
    }

    /**
     * A range of IPv4 addresses.
     *
     * @param network big-endian
     * @param prefixLength 0 to 32
     */
    public record Route(int network, int prefixLength) {
        public Route {
            require(prefixLength >= 0 && prefixLength <= 32, "a prefix length is 0 to 32, not " + prefixLength);
        }
    }

    public static final int DEFAULT_MTU = 1_500;

    public DataPlaneSettings {
        listen = List.copyOf(listen);
        routes = List.copyOf(routes);
        require(!listen.isEmpty(), "there is no address to listen on");
        require(mtu >= 576 && mtu <= 65_000, "mtu is 576 to 65,000, not " + mtu);
    }

    /** A node by itself, with everything that is about size and speed at its default. */
    public DataPlaneSettings(
            List<Endpoint> listen,
            @Nullable String tunName,
            int gateway,
            List<Route> routes,
            @Nullable TunnelSecret secret) {
        this(listen, tunName, gateway, routes, DEFAULT_MTU, Sizes.DEFAULT, secret, Forwarding.DEFAULT, null, null);
    }

    /** The same, in a cluster. */
    public DataPlaneSettings withRelay(@Nullable Relay other) {
        return new DataPlaneSettings(listen, tunName, gateway, routes, mtu, sizes, secret, forwarding, other, ipv6);
    }

    /** The same, with IPv6 or without. */
    public DataPlaneSettings withIpv6(@Nullable Ipv6Network other) {
        return new DataPlaneSettings(listen, tunName, gateway, routes, mtu, sizes, secret, forwarding, relay, other);
    }

    /** Our IPv6 address; null without IPv6. */
    @Nullable
    Ipv6 gateway6() {
        return ipv6 == null ? null : ipv6.gateway();
    }

    PrefixPlan prefixes() {
        return ipv6 == null ? PrefixPlan.NONE : ipv6.prefixes();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
