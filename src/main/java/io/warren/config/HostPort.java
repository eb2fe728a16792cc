package io.warren.config;

import java.net.InetSocketAddress;

/**
 * Where to listen.
 *
 * @param host an IPv4 address, an IPv6 address (without brackets) or a name
 * @param port 1 to 65,535; 0 lets the system choose
 */
public record HostPort(String host, int port) {
    /** Parses {@code host:port}; an IPv6 address stands in brackets. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || text.endsWith("]")) {
            throw new IllegalArgumentException("it has no :port");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address needs brackets");
        }
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bracketed ? !isIpv6(bare) : !isIpv4OrName(bare)) {
            throw new IllegalArgumentException("'" + bare + "' is neither an address nor a name");
        }
        return new HostPort(bare, port(text.substring(colon + 1)));
    }

    /** Perhaps with a zone, perhaps IPv4-mapped; asks nobody, since it can be no name. */
    private static boolean isIpv6(String host) {
        return host.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*") && !new InetSocketAddress(host, 0).isUnresolved();
    }

    private static boolean isIpv4OrName(String host) {
        if (!host.matches("[0-9.]+")) {
            return host.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
        }
        try {
            Ipv4.parse(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("its port '" + text + "' is not a number from 0 to 65535");
        }
        return Integer.parseInt(text);
    }

    /** Whether it is all addresses of this machine, of one family. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0")
                || (isIpv6(host) && toSocketAddress().getAddress().isAnyLocalAddress());
    }

    /** Whether it is an IPv6 address that has a meaning on its own link only (RFC 4291 §2.5.6). */
    public boolean isLinkLocal() {
        return isIpv6(host) && toSocketAddress().getAddress().isLinkLocalAddress();
    }

    /** Resolves a name, so it may ask DNS. */
    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
