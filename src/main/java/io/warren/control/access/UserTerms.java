package io.warren.control.access;

import io.warren.config.AddressPrefix;
import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.config.Ipv6;
import io.warren.config.IsoTime;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.port.SubscriberRoutes;
import io.warren.control.port.SubscriberTerms;
import io.warren.wire.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words of a line of the users file that say what a user has of his own: {@code route=10.9.0.0/24} (several),
 * {@code session=8h}, {@code idle=15m}, {@code until=2026-12-24T18:00:00+01:00}, {@code mtu=1400},
 * {@code dns=192.0.2.53,192.0.2.54}, {@code ipv6=off}.
 */
final class UserTerms {
    static final String ROUTE = "route=";

    private static final Set<String> NAMES = Set.of(ROUTE, "session=", "idle=", "until=", "mtu=", "dns=", "ipv6=");

    /** Of a time in seconds: as good as for ever. */
    private static final int NEVER = Integer.MAX_VALUE;

    private static final int LARGEST_MTU = 65_535;
    private static final int MOST_SERVERS = 2;

    private final List<Cidr> routes = new ArrayList<>();
    private final List<Ipv6Prefix> ipv6Routes = new ArrayList<>();
    private final List<Integer> dns = new ArrayList<>();
    private final List<Bytes> ipv6Dns = new ArrayList<>();
    private int session;
    private int idle;
    private int mtu;
    private @Nullable Instant until;
    private boolean withoutIpv6;

    private UserTerms() {}

    /** Whether this is the name of one of these words, with its equals sign. */
    static boolean isName(String name) {
        return NAMES.contains(name);
    }

    /**
     * What these words say; others are passed over.
     *
     * @throws IllegalArgumentException with what is wrong with one of them
     */
    static UserTerms of(List<String> words) {
        UserTerms terms = new UserTerms();
        for (String word : words) {
            int equals = word.indexOf('=') + 1;
            String name = word.substring(0, equals);
            if (isName(name)) {
                terms.add(name, word.substring(equals));
            }
        }
        return terms;
    }

    private void add(String name, String value) {
        switch (name) {
            case ROUTE -> route(AddressPrefix.parse(value));
            case "session=" -> session = seconds(value);
            case "idle=" -> idle = seconds(value);
            case "until=" -> until = IsoTime.parse(value);
            case "mtu=" -> mtu = number(value, SubscriberTerms.LEAST_MTU, LARGEST_MTU);
            case "dns=" -> {
                for (String server : value.split(",", -1)) {
                    server(server);
                }
                if (dns.size() > MOST_SERVERS || ipv6Dns.size() > MOST_SERVERS) {
                    throw new IllegalArgumentException("write up to two servers of each IP version");
                }
            }
            default -> {
                if (!value.equals("off")) {
                    throw new IllegalArgumentException("write ipv6=off, or nothing");
                }
                withoutIpv6 = true;
            }
        }
    }

    private void route(AddressPrefix network) {
        boolean usable;
        if (network.ipv6()) {
            Ipv6Prefix route = new Ipv6Prefix(network.high(), network.low(), network.length());
            usable = SubscriberRoutes.isUsable(route);
            ipv6Routes.add(route);
        } else {
            Cidr route = new Cidr((int) (network.high() >>> 32), network.length());
            usable = SubscriberRoutes.isUsable(route);
            routes.add(route);
        }
        if (!usable) {
            throw new IllegalArgumentException("write a network of /8 to /32, or of /16 to /64 for IPv6");
        }
        if (routes.size() > SubscriberRoutes.MOST || ipv6Routes.size() > SubscriberRoutes.MOST) {
            throw new IllegalArgumentException("there are more than " + SubscriberRoutes.MOST + " routes");
        }
    }

    private void server(String text) {
        if (text.indexOf(':') >= 0) {
            Ipv6 server = Ipv6.parse(text);
            ipv6Dns.add(new Ipv6Prefix(server.high(), server.low(), 128).address());
        } else {
            dns.add(Ipv4.parse(text).bits());
        }
    }

    private static int seconds(String text) {
        if (text.equals("off")) {
            return NEVER;
        }
        if (!text.matches("[0-9]{1,6}[smhd]")) {
            throw new IllegalArgumentException("write a time such as 15m, 8h or 2d, or off");
        }
        int number = number(text.substring(0, text.length() - 1), 1, 999_999);
        long seconds = number
                * switch (text.charAt(text.length() - 1)) {
                    case 's' -> 1L;
                    case 'm' -> 60L;
                    case 'h' -> 3_600L;
                    default -> 86_400L;
                };
        return (int) Math.min(seconds, NEVER);
    }

    private static int number(String text, int least, int most) {
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("write a whole number from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }

    /** Name servers, big-endian; none: the usual ones. */
    List<Integer> dns() {
        return List.copyOf(dns);
    }

    SubscriberProfile profile(List<String> filters) {
        SubscriberIpv6 none = SubscriberIpv6.NONE;
        SubscriberProfile profile = SubscriberProfile.NONE
                .behind(filters)
                .within(session, idle)
                .with(new SubscriberTerms(new SubscriberRoutes(routes, ipv6Routes), mtu, until, withoutIpv6));
        return ipv6Dns.isEmpty()
                ? profile
                : profile.with(new SubscriberIpv6(
                        none.prefixes(), none.delegated(), null, null, null, null, null, ipv6Dns, none.routes()));
    }
}
