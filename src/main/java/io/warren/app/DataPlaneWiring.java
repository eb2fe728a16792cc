package io.warren.app;

import io.warren.config.AddressPrefix;
import io.warren.config.Cidr;
import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.config.Settings;
import io.warren.control.access.AddressPools;
import io.warren.control.port.Endpoint;
import io.warren.dataplane.DataPlaneSettings;
import io.warren.dataplane.Filters;
import io.warren.dataplane.OuterDontFragment;
import io.warren.dataplane.OuterDscp;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The configuration, in the words of the forwarding plane and the address pools. */
final class DataPlaneWiring {
    private DataPlaneWiring() {}

    /** Without a relay. */
    static DataPlaneSettings settings(Settings settings) {
        return new DataPlaneSettings(
                settings.listen().stream()
                        .map(listen -> Endpoint.of(listen.toSocketAddress()))
                        .toList(),
                settings.tun().name(),
                settings.gateway().bits(),
                Stream.concat(
                                ranges(settings).stream(),
                                settings.tun().routes().stream()
                                        .filter(network -> !network.ipv6())
                                        .map(network -> new Cidr((int) (network.high() >>> 32), network.length())))
                        .distinct()
                        .map(range -> new DataPlaneSettings.Route(range.base(), range.length()))
                        .toList(),
                settings.tun().mtu(),
                new DataPlaneSettings.Sizes(
                        settings.udp().receiveBuffer(),
                        settings.udp().sendBuffer(),
                        DataPlaneSettings.Sizes.DEFAULT_BATCH_SIZE,
                        settings.queues().control(),
                        settings.queues().frames()),
                ControlSettings.secret(settings),
                forwarding(settings),
                null,
                settings.ipv6().allowed()
                        ? new DataPlaneSettings.Ipv6Network(
                                settings.ipv6().gateway(),
                                PrefixPlan.of(settings.ipv6()),
                                settings.tun().routes().stream()
                                        .filter(AddressPrefix::ipv6)
                                        .map(network -> new Ipv6Range(network.high(), network.length()))
                                        .filter(network -> !isPool(settings, network))
                                        .toList())
                        : null);
    }

    private static boolean isPool(Settings settings, Ipv6Range network) {
        return PrefixPlan.of(settings.ipv6()).ranges().stream()
                .anyMatch(range -> range.addresses().equals(network));
    }

    private static DataPlaneSettings.Forwarding forwarding(Settings settings) {
        Settings.Forwarding forwarding = settings.forwarding();
        return new DataPlaneSettings.Forwarding(
                forwarding.threads() == 0
                        ? DataPlaneSettings.Forwarding.defaultQueues(
                                Runtime.getRuntime().availableProcessors())
                        : forwarding.threads(),
                forwarding.dscp() == Settings.Forwarding.COPY_DSCP
                        ? OuterDscp.COPY
                        : new OuterDscp.Fixed(forwarding.dscp()),
                switch (forwarding.dontFragment()) {
                    case CLEAR -> OuterDontFragment.CLEAR;
                    case SET -> OuterDontFragment.SET;
                    case COPY -> OuterDontFragment.COPY;
                },
                forwarding.lengthBit(),
                forwarding.offloads(),
                forwarding.reorder().frames(),
                forwarding.reorder().longestWait(),
                Filters.of(settings.filters()),
                settings.ppp().deflate().calls());
    }

    static AddressPools pools(Settings settings) {
        Map<String, List<String>> ranges = new TreeMap<>();
        settings.pools()
                .forEach((name, pool) ->
                        ranges.put(name, pool.stream().map(Cidr::toString).toList()));
        return new AddressPools(ranges, settings.gateway().bits(), PrefixPlan.of(settings.ipv6()));
    }

    private static List<Cidr> ranges(Settings settings) {
        return settings.pools().values().stream().flatMap(List::stream).toList();
    }
}
