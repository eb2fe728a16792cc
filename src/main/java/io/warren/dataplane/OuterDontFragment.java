package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/**
 * Whether the IP header around a data packet has its Don't Fragment bit set. Around IPv6 there is none: then it is about
 * fragments that we make ourselves, the only ones that there can be. Never for a packet inside that is IPv6 and no larger
 * than its least MTU: that has to get through, in fragments if it must (RFC 2473 §7.1).
 */
public enum OuterDontFragment {
    /** The path may fragment: everything arrives, at the cost of the peer's reassembly. */
    CLEAR,
    /** The path must not fragment: what does not fit is lost, or found out by the subscriber's own PMTU discovery. */
    SET,
    /** As the packet inside; IPv6 has the bit set, so to say, since routers do not fragment it (RFC 8200 §4.5). */
    COPY;

    /** The answer for the IP packet at {@code at}. */
    boolean isSet(MemorySegment memory, long at) {
        return switch (this) {
            case CLEAR -> false;
            case SET -> !IpHeader.isIpv6(memory, at) || Ipv6Header.exceedsLeastMtu(memory, at);
            case COPY ->
                IpHeader.isIpv6(memory, at)
                        ? Ipv6Header.exceedsLeastMtu(memory, at)
                        : Ipv4Header.dontFragment(memory, at);
        };
    }
}
