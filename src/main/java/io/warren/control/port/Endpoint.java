package io.warren.control.port;

import io.warren.wire.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A UDP address and port.
 *
 * @param address 4 or 16 octets
 * @param port 0 to 65,535
 */
public record Endpoint(Bytes address, int port) {
    public static Endpoint of(InetSocketAddress socketAddress) {
        return new Endpoint(Bytes.of(socketAddress.getAddress().getAddress()), socketAddress.getPort());
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(inetAddress(), port);
    }

    /** The address alone, in its usual notation. */
    public String host() {
        return inetAddress().getHostAddress();
    }

    @Override
    public String toString() {
        return address.length() == 16 ? "[" + host() + "]:" + port : host() + ":" + port;
    }

    private InetAddress inetAddress() {
        try {
            return InetAddress.getByAddress(address.toByteArray());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an endpoint's address has 4 or 16 octets, not " + address.length(), e);
        }
    }
}
