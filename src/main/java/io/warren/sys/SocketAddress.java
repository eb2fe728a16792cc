package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An address and a port in memory, as the kernel has them. {@code struct sockaddr_in}: family 0, port 2, address 4;
 * {@code struct sockaddr_in6}: family 0, port 2, flow information 4, address 8, scope 24. Addresses as in {@link
 * AddressBits}; those of one link only are not told apart by their link.
 */
final class SocketAddress {
    /** Octets of the longer form. */
    static final int LARGEST = 28;

    private static final int IPV4_SIZE = 16;
    private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfShort BIG_SHORT = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BIG_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddress() {}

    /** Writes it and returns its length. */
    static int put(MemorySegment memory, long at, long high, long low, int port) {
        memory.set(BIG_SHORT, at + 2, (short) port);
        if (AddressBits.isIpv4(high, low)) {
            memory.set(SHORT, at, LinuxConstants.AF_INET);
            memory.set(BIG_INT, at + 4, (int) low);
            return IPV4_SIZE;
        }
        memory.set(SHORT, at, LinuxConstants.AF_INET6);
        memory.set(BIG_INT, at + 4, 0);
        memory.set(BIG_LONG, at + 8, high);
        memory.set(BIG_LONG, at + 16, low);
        memory.set(BIG_INT, at + 24, 0);
        return LARGEST;
    }

    static boolean isIpv6(MemorySegment memory, long at) {
        return memory.get(SHORT, at) == LinuxConstants.AF_INET6;
    }

    static long high(MemorySegment memory, long at) {
        return isIpv6(memory, at) ? memory.get(BIG_LONG, at + 8) : 0;
    }

    static long low(MemorySegment memory, long at) {
        return isIpv6(memory, at) ? memory.get(BIG_LONG, at + 16) : AddressBits.ofIpv4(memory.get(BIG_INT, at + 4));
    }

    static int port(MemorySegment memory, long at) {
        return memory.get(BIG_SHORT, at + 2) & 0xffff;
    }
}
