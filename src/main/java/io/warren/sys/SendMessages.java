package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Messages for {@code sendmmsg}, each of one or more datagrams to one peer: the kernel cuts a message into datagrams of
 * equal size, the last perhaps shorter (UDP_SEGMENT, udp(7)). The datagrams are gathered from where they are, uncopied.
 * Belongs to one thread.
 */
public final class SendMessages {
    /** Most datagrams of one message: UDP_MAX_SEGMENTS of all kernels. */
    public static final int MOST_DATAGRAMS = 64;

    /** Most octets of one message: what fits into an IPv4 packet. */
    public static final int MOST_OCTETS = 65_507;

    private static final ValueLayout.OfInt BIG_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BIG_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // struct mmsghdr: msg_name 0, msg_namelen 8, msg_iov 16, msg_iovlen 24, msg_control 32, msg_controllen 40,
    // msg_flags 48, msg_len 56
    private static final int HEADER_SIZE = 64;

    /** Room for a {@link SocketAddress} of either family. */
    private static final int NAME_SIZE = 32;

    // Control messages: IP_PKTINFO or IPV6_PKTINFO, IP_TOS or IPV6_TCLASS, UDP_SEGMENT, in this order; struct cmsghdr:
    // cmsg_len 0, cmsg_level 8, cmsg_type 12
    private static final int CONTROL_SIZE = 96;
    private static final int CMSG_HEADER = 16;
    private static final int PKTINFO_SPACE = 32;
    private static final int PKTINFO6_SPACE = 40;
    private static final int INT_SPACE = 24;

    private final MemorySegment headers;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final IoVectors vectors;
    private final int[] counts;
    private final int[] octets;
    private final int[] segments;
    private final int[] controlOctets;

    /** @param capacity most messages at a time */
    public SendMessages(int capacity) {
        Arena arena = Arena.ofAuto();
        headers = arena.allocate((long) capacity * HEADER_SIZE, 64);
        names = arena.allocate((long) capacity * NAME_SIZE, 64);
        controls = arena.allocate((long) capacity * CONTROL_SIZE, 64);
        vectors = new IoVectors(capacity * MOST_DATAGRAMS);
        counts = new int[capacity];
        octets = new int[capacity];
        segments = new int[capacity];
        controlOctets = new int[capacity];
        for (int message = 0; message < capacity; message++) {
            long header = (long) message * HEADER_SIZE;
            headers.set(JAVA_LONG, header, names.address() + (long) message * NAME_SIZE);
            headers.set(JAVA_LONG, header + 16, vectors.address(message * MOST_DATAGRAMS));
            headers.set(JAVA_LONG, header + 32, controls.address() + (long) message * CONTROL_SIZE);
        }
    }

    /**
     * Begins a message without datagrams.
     *
     * @param remoteHigh the peer's address, see {@link AddressBits}; of the family of the socket that will send
     * @param localHigh our address that it leaves with; 0, and {@code localLow} too: the kernel chooses
     * @param trafficClass of the IP header, 0 to 255; 0 is the default
     */
    public void begin(
            int message,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            long localHigh,
            long localLow,
            int trafficClass) {
        int nameLength = SocketAddress.put(names, (long) message * NAME_SIZE, remoteHigh, remoteLow, remotePort);
        headers.set(JAVA_INT, (long) message * HEADER_SIZE + 8, nameLength);
        controlOctets[message] = AddressBits.isIpv4(remoteHigh, remoteLow)
                ? ipv4Controls((long) message * CONTROL_SIZE, localLow, trafficClass)
                : ipv6Controls((long) message * CONTROL_SIZE, localHigh, localLow, trafficClass);
        counts[message] = 0;
        octets[message] = 0;
    }

    private int ipv4Controls(long control, long localLow, int tos) {
        int used = 0;
        if (localLow != 0) {
            open(control, CMSG_HEADER + 12, LinuxConstants.IPPROTO_IP, LinuxConstants.IP_PKTINFO);
            // struct in_pktinfo: ifindex 0, spec_dst 4, addr 8
            controls.set(JAVA_INT, control + CMSG_HEADER, 0);
            controls.set(BIG_INT, control + CMSG_HEADER + 4, (int) localLow);
            controls.set(JAVA_INT, control + CMSG_HEADER + 8, 0);
            used = PKTINFO_SPACE;
        }
        return tos == 0 ? used : withInt(control, used, LinuxConstants.IPPROTO_IP, LinuxConstants.IP_TOS, tos);
    }

    private int ipv6Controls(long control, long localHigh, long localLow, int trafficClass) {
        int used = 0;
        if ((localHigh | localLow) != 0) {
            open(control, CMSG_HEADER + 20, LinuxConstants.IPPROTO_IPV6, LinuxConstants.IPV6_PKTINFO);
            // struct in6_pktinfo (RFC 3542 §6.1): addr 0, ifindex 16
            controls.set(BIG_LONG, control + CMSG_HEADER, localHigh);
            controls.set(BIG_LONG, control + CMSG_HEADER + 8, localLow);
            controls.set(JAVA_INT, control + CMSG_HEADER + 16, 0);
            used = PKTINFO6_SPACE;
        }
        return trafficClass == 0
                ? used
                : withInt(control, used, LinuxConstants.IPPROTO_IPV6, LinuxConstants.IPV6_TCLASS, trafficClass);
    }

    private int withInt(long control, int used, int level, int type, int value) {
        open(control + used, CMSG_HEADER + 4, level, type);
        controls.set(JAVA_INT, control + used + CMSG_HEADER, value);
        return used + INT_SPACE;
    }

    private void open(long control, int length, int level, int type) {
        controls.set(JAVA_LONG, control, length);
        controls.set(JAVA_INT, control + 8, level);
        controls.set(JAVA_INT, control + 12, type);
    }

    /** Adds a datagram that is as long as the first one, or shorter, and then the last. */
    public void add(int message, MemorySegment memory, long at, int length) {
        int count = counts[message];
        Objects.checkIndex(count, MOST_DATAGRAMS);
        vectors.set(message * MOST_DATAGRAMS + count, memory, at, length);
        if (count == 0) {
            segments[message] = length;
        }
        counts[message] = count + 1;
        octets[message] += length;
    }

    /** Whether a datagram of that length may be added: there is room, and none shorter than the first was added. */
    public boolean takes(int message, int length) {
        int count = counts[message];
        return count < MOST_DATAGRAMS
                && length <= segments[message]
                && octets[message] == count * segments[message]
                && octets[message] + length <= MOST_OCTETS;
    }

    /** Datagrams of the message. */
    public int count(int message) {
        return counts[message];
    }

    /** Octets of each datagram but perhaps the last. */
    public int segmentSize(int message) {
        return segments[message];
    }

    /** To be called when the message has all its datagrams. */
    public void finish(int message) {
        long header = (long) message * HEADER_SIZE;
        int used = controlOctets[message];
        if (counts[message] > 1) {
            long control = (long) message * CONTROL_SIZE + used;
            open(control, CMSG_HEADER + 2, LinuxConstants.SOL_UDP, LinuxConstants.UDP_SEGMENT);
            controls.set(JAVA_SHORT, control + CMSG_HEADER, (short) segments[message]);
            used += INT_SPACE;
        }
        headers.set(JAVA_LONG, header + 24, counts[message]);
        headers.set(JAVA_LONG, header + 40, used);
    }

    /**
     * Moves one datagram of a message into a message of its own, which is finished; for what the kernel refuses to
     * segment.
     */
    public void single(int message, int datagram, int target) {
        MemorySegment.copy(names, (long) message * NAME_SIZE, names, (long) target * NAME_SIZE, NAME_SIZE);
        headers.set(JAVA_INT, (long) target * HEADER_SIZE + 8, headers.get(JAVA_INT, (long) message * HEADER_SIZE + 8));
        MemorySegment.copy(
                controls, (long) message * CONTROL_SIZE, controls, (long) target * CONTROL_SIZE, CONTROL_SIZE);
        vectors.copy(message * MOST_DATAGRAMS + datagram, target * MOST_DATAGRAMS);
        controlOctets[target] = controlOctets[message];
        counts[target] = 1;
        octets[target] = (int) vectors.length(target * MOST_DATAGRAMS);
        segments[target] = octets[target];
        finish(target);
    }

    long address(int message) {
        return headers.address() + (long) message * HEADER_SIZE;
    }
}
