package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.sys.AddressBits;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;

/**
 * An address and a port as one number, so that packet threads compare and look up without objects. Of IPv4 it is both,
 * and can be turned back. Of IPv6 it is a hash of both whose key nobody else knows, so that nobody finds two with one
 * number: whoever is to send there keeps the address besides. In either case the port is the lowest 16 bits.
 */
final class Ends {
    /** No end at all. */
    static final long NONE = 0;

    private static final long IPV6 = 1L << 63;
    private static final int PORT = 0xffff;
    private static final SipHash HASH = SipHash.random();

    private Ends() {}

    static long of(int address, int port) {
        return (address & 0xffff_ffffL) << 16 | port;
    }

    /** Of an address in the form of {@link AddressBits}. */
    static long of(long high, long low, int port) {
        return AddressBits.isIpv4(high, low) ? of((int) low, port) : (HASH.of(high, low, port) & ~PORT) | IPV6 | port;
    }

    static long of(Endpoint endpoint) {
        byte[] address = endpoint.address().toByteArray();
        return of(AddressBits.high(address), AddressBits.low(address), endpoint.port());
    }

    static boolean isIpv6(long end) {
        return end < 0;
    }

    static boolean isIpv4Wildcard(long end) {
        return !isIpv6(end) && address(end) == 0;
    }

    /** Of an IPv4 end. */
    static int address(long end) {
        return (int) (end >>> 16);
    }

    static int port(long end) {
        return (int) end & PORT;
    }

    /** The address of an IPv4 end, in the form of {@link AddressBits}. */
    static long low(long end) {
        return AddressBits.ofIpv4(address(end));
    }

    /** Of an IPv4 end. */
    static Endpoint endpoint(long end) {
        byte[] address = ByteBuffer.allocate(Integer.BYTES).putInt(address(end)).array();
        return new Endpoint(Bytes.of(address), port(end));
    }

    /** Of an address in the form of {@link AddressBits}. */
    static Endpoint endpoint(long high, long low, int port) {
        return new Endpoint(Bytes.of(AddressBits.toBytes(high, low)), port);
    }
}
