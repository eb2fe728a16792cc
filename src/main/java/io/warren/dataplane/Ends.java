package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.sys.AddressBits;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;

/** An IPv4 address and a port as one number, so that packet threads compare and look up without objects. */
final class Ends {
    /** No end at all, as of an address that is not IPv4. */
    static final long NONE = 0;

    private static final int IPV4 = 4;

    private Ends() {}

    static long of(int address, int port) {
        return (address & 0xffff_ffffL) << 16 | port;
    }

    /** {@link #NONE} when it is not IPv4. */
    static long of(Endpoint endpoint) {
        return endpoint.address().length() == IPV4
                ? of(ByteBuffer.wrap(endpoint.address().toByteArray()).getInt(), endpoint.port())
                : NONE;
    }

    static int address(long end) {
        return (int) (end >>> 16);
    }

    static int port(long end) {
        return (int) end & 0xffff;
    }

    /** The address in the form of {@link AddressBits}. */
    static long low(long end) {
        return AddressBits.ofIpv4(address(end));
    }

    static Endpoint endpoint(long end) {
        byte[] address = ByteBuffer.allocate(IPV4).putInt(address(end)).array();
        return new Endpoint(Bytes.of(address), port(end));
    }
}
