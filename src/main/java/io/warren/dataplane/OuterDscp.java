package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/**
 * Which Differentiated Services codepoint the IP header around a data packet gets: RFC 2983 §3.1 has both models, the
 * pipe (none, or one value for all) and the uniform one (the subscriber's packet decides). A peer may ask for another
 * one by RFC 3308, which is not spoken here.
 *
 * <p>The two ECN bits are always 0, never the packet's: a router on the way could mark congestion only in the outer
 * header, and a peer that has not said by RFC 9601 §6.1.1 that it carries the mark inwards would lose it. This is the
 * compatibility mode of RFC 6040 §4.3.
 */
public sealed interface OuterDscp {
    /** Best effort for all. */
    OuterDscp NONE = new Fixed(0);

    /** As in the packet inside. */
    OuterDscp COPY = new Copy();

    /** The octet after the version in IPv4's outer header, Traffic Class in IPv6's, for the IP packet at {@code at}. */
    int trafficClass(MemorySegment memory, long at);

    /** @param codepoint 0 to 63 */
    record Fixed(int codepoint) implements OuterDscp {
        public Fixed {
            if (codepoint < 0 || codepoint > 63) {
                throw new IllegalArgumentException("a DSCP is 0 to 63, not " + codepoint);
            }
        }

        @Override
        public int trafficClass(MemorySegment memory, long at) {
            return codepoint << 2;
        }
    }

    /** The codepoint of the packet inside, IPv4 or IPv6. */
    record Copy() implements OuterDscp {
        /** Without the ECN bits. */
        private static final int CODEPOINT = 0xfc;

        @Override
        public int trafficClass(MemorySegment memory, long at) {
            int start = Octets.u16(memory, at);
            return switch (start >>> 12) {
                case 4 -> start & CODEPOINT;
                // four bits of version, then the Traffic Class (RFC 8200 §3)
                case 6 -> start >>> 4 & CODEPOINT;
                default -> 0;
            };
        }
    }
}
