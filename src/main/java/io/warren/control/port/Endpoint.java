package io.warren.control.port;

import io.warren.config.Ipv6;
import io.warren.wire.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A UDP address and port.
 *
 * @param address 4 or 16 octets
 * @param port 0 to 65,535
 */
public record Endpoint(Bytes address, int port) {
    private static final int IPV6 = 16;

    public static Endpoint of(InetSocketAddress socketAddress) {
        return new Endpoint(Bytes.of(socketAddress.getAddress().getAddress()), socketAddress.getPort());
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(inetAddress(), port);
    }

    /** The address alone, in its usual notation; of IPv6 as RFC 5952 §4 has it. */
    public String host() {
        if (address.length() != IPV6) {
            return inetAddress().getHostAddress();
        }
        ByteBuffer octets = ByteBuffer.wrap(address.toByteArray());
        return new Ipv6(octets.getLong(), octets.getLong()).toString();
    }

    /**
     * Whom limits count: an IPv4 address, or the first 64 bits of an IPv6 one, since a host may choose the others as it
     * likes (RFC 4291 §2.5.1).
     */
    public Bytes source() {
        return address.length() == IPV6 ? Bytes.of(Arrays.copyOf(address.toByteArray(), IPV6 / 2)) : address;
    }

    @Override
    public String toString() {
        return address.length() == IPV6 ? "[" + host() + "]:" + port : host() + ":" + port;
    }

    private InetAddress inetAddress() {
        try {
            return InetAddress.getByAddress(address.toByteArray());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an endpoint's address has 4 or 16 octets, not " + address.length(), e);
        }
    }
}
