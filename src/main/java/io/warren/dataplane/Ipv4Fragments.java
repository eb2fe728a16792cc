package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/** Cuts an IPv4 packet that may be fragmented into pieces that fit (RFC 791 §2.3, §3.2). */
final class Ipv4Fragments {
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;

    private Ipv4Fragments() {}

    /** Octets of data that each fragment but the last carries; 0 when the header alone leaves no room. */
    static int dataPerFragment(MemorySegment memory, long at, int mtu) {
        return Math.max(0, mtu - Ipv4Header.headerLength(memory, at)) & ~7;
    }

    /**
     * Writes the fragment whose data begins {@code skip} octets into the data of the packet at {@code at}.
     *
     * @param length of the packet
     * @param data from {@link #dataPerFragment}
     * @return total length of the fragment
     */
    static int write(MemorySegment memory, long at, int length, int skip, int data, MemorySegment target, long to) {
        int header = Ipv4Header.headerLength(memory, at);
        int here = Math.min(data, length - header - skip);
        boolean more = header + skip + here < length;
        int field = Octets.u16(memory, at + 6);
        MemorySegment.copy(memory, at, target, to, header);
        MemorySegment.copy(memory, at + header + skip, target, to + header, here);
        Octets.put16(target, to + 2, header + here);
        Octets.put16(target, to + 6, field + skip / 8 | (more ? Ipv4Header.MORE_FRAGMENTS : 0));
        if (skip > 0) {
            blankFirstOnlyOptions(target, to, header);
        }
        Ipv4Header.setChecksum(target, to);
        return header + here;
    }

    /** Options without the copied flag belong to the first fragment only. */
    private static void blankFirstOnlyOptions(MemorySegment memory, long at, int header) {
        int index = Ipv4Header.SHORTEST_HEADER;
        while (index < header) {
            int type = Octets.u8(memory, at + index);
            if (type == OPTION_END) {
                return;
            }
            int size = type == OPTION_NOP || index + 1 >= header ? 1 : Octets.u8(memory, at + index + 1);
            if ((type != OPTION_NOP && size < 2) || size > header - index) {
                return;
            }
            if ((type & OPTION_COPIED) == 0) {
                memory.asSlice(at + index, size).fill((byte) OPTION_NOP);
            }
            index += size;
        }
    }
}
