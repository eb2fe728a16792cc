package io.warren.radius;

import io.warren.config.AddressPrefix;
import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.config.Ipv6;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SubscriberRoutes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The networks behind a subscriber: Framed-Route (RFC 2865 §5.22), Framed-IPv6-Route (RFC 3162 §2.5) and the network that
 * Framed-IP-Netmask makes of his address (RFC 2865 §5.9). What cannot be used is left out: whoever is let in without one
 * of his networks can still call and complain.
 */
final class RouteAttributes {
    /** Framed-IP-Netmask: the address by itself. */
    private static final int HOST = 32;

    private final Attributes attributes;
    private final int address;
    private final Consumer<String> complaints;

    private RouteAttributes(Attributes attributes, int address, Consumer<String> complaints) {
        this.attributes = attributes;
        this.address = address;
        this.complaints = complaints;
    }

    /**
     * @param address that the server gives the subscriber; 0: it is not known yet
     * @param complaints is told of each route that is left out, and why
     */
    static SubscriberRoutes read(Attributes attributes, int address, Consumer<String> complaints) {
        RouteAttributes reading = new RouteAttributes(attributes, address, complaints);
        return new SubscriberRoutes(reading.ipv4(), reading.ipv6());
    }

    private List<Cidr> ipv4() {
        Set<Cidr> routes = new LinkedHashSet<>();
        Cidr around = around();
        if (around != null) {
            add(routes, around, SubscriberRoutes.isUsable(around), "Framed-IP-Netmask");
        }
        attributes.texts(RadiusAttribute.FRAMED_ROUTE).forEach(text -> {
            try {
                Cidr route = route(text.strip().split("\\s+"), around);
                add(routes, route, SubscriberRoutes.isUsable(route), "Framed-Route");
            } catch (IllegalArgumentException e) {
                complain("Framed-Route", text, e);
            }
        });
        return List.copyOf(routes);
    }

    private List<Ipv6Prefix> ipv6() {
        Set<Ipv6Prefix> routes = new LinkedHashSet<>();
        attributes.texts(RadiusAttribute.FRAMED_IPV6_ROUTE).forEach(text -> {
            try {
                Ipv6Prefix route = ipv6Route(text.strip().split("\\s+"));
                add(routes, route, SubscriberRoutes.isUsable(route), "Framed-IPv6-Route");
            } catch (IllegalArgumentException e) {
                complain("Framed-IPv6-Route", text, e);
            }
        });
        return List.copyOf(routes);
    }

    private <T> void add(Set<T> routes, T route, boolean usable, String attribute) {
        if (!usable) {
            complaints.accept(attribute + " " + route + " is left out: no such network can be behind a subscriber");
        } else if (routes.size() >= SubscriberRoutes.MOST && !routes.contains(route)) {
            complaints.accept(attribute + " " + route + " is left out: there are more than " + SubscriberRoutes.MOST);
        } else {
            routes.add(route);
        }
    }

    private void complain(String attribute, String text, IllegalArgumentException e) {
        complaints.accept(attribute + " '" + text.replaceAll("\\p{Cntrl}", "?") + "' is left out: " + e.getMessage());
    }

    /** The network of the subscriber's own address; null: there is no other address in it, or nobody knows yet. */
    private @Nullable Cidr around() {
        Integer mask = attributes.integer(RadiusAttribute.FRAMED_IP_NETMASK);
        if (mask == null || address == 0) {
            return null;
        }
        int length = length(mask);
        if (length < 0) {
            complaints.accept("Framed-IP-Netmask " + Ipv4.dotted(mask) + " is left out: not a mask");
        }
        return length < 0 || length == HOST ? null : network(address, length);
    }

    /** {@code 10.9.0.0/24}, {@code 10.9.0.0/255.255.255.0} or {@code 10.9.0.0 255.255.255.0}; gateway; metrics. */
    private Cidr route(String[] words, @Nullable Cidr around) {
        int slash = words[0].indexOf('/');
        int base =
                Ipv4.parse(slash < 0 ? words[0] : words[0].substring(0, slash)).bits();
        int next = 1;
        int length;
        if (slash >= 0) {
            length = length(words[0].substring(slash + 1));
        } else if (words.length > 1 && words[1].startsWith("255.")) {
            length = length(words[1]);
            next = 2;
        } else {
            length = classful(base);
        }
        Cidr network = network(base, length);
        if (words.length > next && words[next].contains(".")) {
            int gateway = Ipv4.parse(words[next++]).bits();
            boolean his = gateway == 0
                    || (gateway == address && address != 0)
                    || network.contains(gateway)
                    || (around != null && around.contains(gateway));
            if (!his) {
                throw new IllegalArgumentException("its gateway is not the subscriber");
            }
        }
        checkMetrics(words, next);
        return network;
    }

    private Ipv6Prefix ipv6Route(String[] words) {
        if (words[0].indexOf('/') < 0) {
            throw new IllegalArgumentException("it has no prefix length");
        }
        String[] parts = words[0].split("/", 2);
        Ipv6 base = Ipv6.parse(parts[0]);
        Ipv6Prefix network = new Ipv6Prefix(base.high(), base.low(), number(parts[1], 128));
        int next = 1;
        if (words.length > next && words[next].contains(":")) {
            Ipv6 gateway = Ipv6.parse(words[next++]);
            boolean linkLocal = gateway.high() >>> 54 == 0xfe80 >>> 6;
            if (!linkLocal && !isHis(gateway, network)) {
                throw new IllegalArgumentException("its gateway is not the subscriber");
            }
        }
        checkMetrics(words, next);
        return network;
    }

    private boolean isHis(Ipv6 gateway, Ipv6Prefix network) {
        List<Ipv6Prefix> his = new ArrayList<>(List.of(network));
        attributes.prefixes(RadiusAttribute.FRAMED_IPV6_PREFIX).forEach(his::add);
        attributes
                .all(RadiusAttribute.FRAMED_IPV6_ADDRESS)
                .filter(octets -> octets.length() == 16)
                .forEach(octets -> his.add(Ipv6Prefix.of(octets, 128)));
        boolean unspecified = gateway.high() == 0 && gateway.low() == 0;
        return unspecified
                || his.stream()
                        .anyMatch(prefix -> (gateway.high() & AddressPrefix.highMask(prefix.length())) == prefix.high()
                                && (gateway.low() & AddressPrefix.lowMask(prefix.length())) == prefix.low());
    }

    /** They are not used; the RFC's own example has a negative one. */
    private static void checkMetrics(String[] words, int from) {
        for (int i = from; i < words.length; i++) {
            if (!words[i].matches("-?[0-9]{1,10}")) {
                throw new IllegalArgumentException("a metric is no number");
            }
        }
    }

    private static Cidr network(int base, int length) {
        if (length < 0) {
            throw new IllegalArgumentException("not a mask");
        }
        return new Cidr(length == 0 ? 0 : base & -1 << (HOST - length), length);
    }

    private static int length(String text) {
        return text.contains(".") ? length(Ipv4.parse(text).bits()) : number(text, HOST);
    }

    /** Of a mask; -1 when its ones are not together. */
    private static int length(int mask) {
        int length = Integer.numberOfLeadingZeros(~mask);
        return length == HOST || mask << length == 0 ? length : -1;
    }

    /** RFC 2865 §5.22: where there is no length, it is that of the address's class. */
    private static int classful(int base) {
        return base >= 0 ? 8 : base >>> 30 == 2 ? 16 : 24;
    }

    private static int number(String text, int most) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "'" + text.replaceAll("\\p{Cntrl}", "?") + "' is not a number that fits");
        }
        return Integer.parseInt(text);
    }
}
