package io.warren.dataplane;

import io.warren.config.Ipv4;
import io.warren.config.Ipv6;
import java.lang.foreign.MemorySegment;

/** What IPv4 and IPv6 packets have in common. */
final class IpHeader {
    private IpHeader() {}

    /** Of a packet that is known to be sound, or has a first octet at least. */
    static boolean isIpv6(MemorySegment memory, long at) {
        return Octets.u8(memory, at) >>> 4 == 6;
    }

    /** As {@link Ipv4Header#soundLength} and {@link Ipv6Header#soundLength} say; -1 for anything else. */
    static int soundLength(MemorySegment memory, long at, int length) {
        int total = Ipv4Header.soundLength(memory, at, length);
        return total >= 0 ? total : Ipv6Header.soundLength(memory, at, length);
    }

    /** For people. */
    static String source(MemorySegment memory, long at) {
        return isIpv6(memory, at)
                ? new Ipv6(Octets.i64(memory, at + 8), Octets.i64(memory, at + 16)).toString()
                : Ipv4.dotted(Ipv4Header.source(memory, at));
    }

    /** For people. */
    static String destination(MemorySegment memory, long at) {
        return isIpv6(memory, at)
                ? new Ipv6(Octets.i64(memory, at + 24), Octets.i64(memory, at + 32)).toString()
                : Ipv4.dotted(Ipv4Header.destination(memory, at));
    }
}
