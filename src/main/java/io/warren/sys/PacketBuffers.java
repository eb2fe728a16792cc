package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A batch of packets in native memory, ready for {@code recvmmsg} and {@code sendmmsg}: a fixed number of slots, each
 * with headroom in front of the packet, so that headers are put before it without copying. A packet may start anywhere
 * in its slot. Belongs to one thread at a time. The memory goes when the batch is no longer reachable.
 */
public final class PacketBuffers {
    private static final ValueLayout.OfInt BIG_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // struct mmsghdr: msg_name 0, msg_namelen 8, msg_iov 16, msg_iovlen 24, msg_control 32, msg_controllen 40,
    // msg_flags 48, msg_len 56
    private static final int HEADER_SIZE = 64;
    private static final int VECTOR_SIZE = 16;

    /** Room for a {@link SocketAddress} of either family. */
    private static final int NAME_SIZE = 32;

    /** Room for IPV6_PKTINFO (40 octets; IP_PKTINFO: 32) and one more message with an int (24), as UDP_GRO needs. */
    private static final int CONTROL_SIZE = 64;

    // struct cmsghdr: cmsg_len 0, cmsg_level 8, cmsg_type 12; struct in_pktinfo: ifindex 0, spec_dst 4, addr 8;
    // struct in6_pktinfo (RFC 3542 §6.1): addr 0, ifindex 16
    private static final int CMSG_HEADER = 16;
    private static final int PKTINFO_LENGTH = CMSG_HEADER + 12;
    private static final int PKTINFO_SPACE = 32;
    private static final int PKTINFO6_LENGTH = CMSG_HEADER + 20;
    private static final int PKTINFO6_SPACE = 40;

    private final int batchSize;
    private final int headroom;
    private final int capacity;
    private final int stride;
    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment memory;

    /** Slots from here on are as {@link #prepareToReceive} leaves them. */
    private int touched;

    /**
     * @param batchSize number of slots
     * @param headroom octets kept free before a packet that is received or read
     * @param capacity largest packet, in octets, without the headroom
     */
    public PacketBuffers(int batchSize, int headroom, int capacity) {
        this.batchSize = batchSize;
        this.headroom = headroom;
        this.capacity = capacity;
        this.stride = (headroom + capacity + 63) & ~63;
        Arena arena = Arena.ofAuto();
        headers = arena.allocate((long) batchSize * HEADER_SIZE, 64);
        vectors = arena.allocate((long) batchSize * VECTOR_SIZE, 64);
        names = arena.allocate((long) batchSize * NAME_SIZE, 64);
        controls = arena.allocate((long) batchSize * CONTROL_SIZE, 64);
        memory = arena.allocate((long) batchSize * stride, 64);
        for (int slot = 0; slot < batchSize; slot++) {
            long header = (long) slot * HEADER_SIZE;
            headers.set(LONG, header, names.address() + (long) slot * NAME_SIZE);
            headers.set(LONG, header + 16, vectors.address() + (long) slot * VECTOR_SIZE);
            headers.set(LONG, header + 24, 1);
            headers.set(LONG, header + 32, controls.address() + (long) slot * CONTROL_SIZE);
            prepareToReceive(slot);
        }
    }

    /** Makes all slots as they must be before the kernel writes into them. */
    void prepareToReceive() {
        for (int slot = 0; slot < touched; slot++) {
            prepareToReceive(slot);
        }
        touched = 0;
    }

    /** Says that the kernel has written into the first {@code count} slots. */
    void received(int count) {
        touched = Math.max(touched, count);
    }

    public int batchSize() {
        return batchSize;
    }

    /** The memory of all slots; {@link #start} and {@link #length} say where the packets are. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where a received packet begins in slot {@code slot}: after the headroom. */
    public long origin(int slot) {
        return (long) slot * stride + headroom;
    }

    /** Where the packet in {@code slot} begins in {@link #memory}. */
    public long start(int slot) {
        return vectors.get(LONG, (long) slot * VECTOR_SIZE) - memory.address();
    }

    /** Octets of the packet in {@code slot}: as received, or as set by {@link #setPacket}. */
    public int length(int slot) {
        return headers.get(INT, (long) slot * HEADER_SIZE + 56);
    }

    /** Says where the packet in {@code slot} is, before it is sent. */
    public void setPacket(int slot, long start, int length) {
        Objects.checkFromIndexSize(start - (long) slot * stride, (long) length, (long) stride);
        touched = Math.max(touched, slot + 1);
        vectors.set(LONG, (long) slot * VECTOR_SIZE, memory.address() + start);
        vectors.set(LONG, (long) slot * VECTOR_SIZE + 8, length);
        headers.set(INT, (long) slot * HEADER_SIZE + 56, length);
    }

    /** Whether the received packet was longer than the slot. */
    public boolean truncated(int slot) {
        return (headers.get(INT, (long) slot * HEADER_SIZE + 48) & LinuxConstants.MSG_TRUNC) != 0;
    }

    /** Upper half of the other end's address, see {@link AddressBits}. */
    public long remoteHigh(int slot) {
        return SocketAddress.high(names, (long) slot * NAME_SIZE);
    }

    public long remoteLow(int slot) {
        return SocketAddress.low(names, (long) slot * NAME_SIZE);
    }

    public int remotePort(int slot) {
        return SocketAddress.port(names, (long) slot * NAME_SIZE);
    }

    /** The other end's address and port; of the family of the socket that will send. */
    public void setRemote(int slot, long high, long low, int port) {
        touched = Math.max(touched, slot + 1);
        int length = SocketAddress.put(names, (long) slot * NAME_SIZE, high, low, port);
        headers.set(INT, (long) slot * HEADER_SIZE + 8, length);
    }

    private boolean isIpv6(int slot) {
        return SocketAddress.isIpv6(names, (long) slot * NAME_SIZE);
    }

    private long ipv6Info(int slot) {
        return controlData(slot, LinuxConstants.IPPROTO_IPV6, LinuxConstants.IPV6_PKTINFO, PKTINFO6_LENGTH);
    }

    /** Upper half of our own address, see {@link #localLow}. */
    public long localHigh(int slot) {
        long info = isIpv6(slot) ? ipv6Info(slot) : -1;
        return info < 0 ? 0 : controls.get(BIG_LONG, info);
    }

    /** Our address that the received packet was sent to; 0, and its upper half too, when the kernel did not tell. */
    public long localLow(int slot) {
        if (isIpv6(slot)) {
            long info = ipv6Info(slot);
            return info < 0 ? 0 : controls.get(BIG_LONG, info + 8);
        }
        long info = controlData(slot, LinuxConstants.IPPROTO_IP, LinuxConstants.IP_PKTINFO, PKTINFO_LENGTH);
        return info < 0 ? 0 : AddressBits.ofIpv4(controls.get(BIG_INT, info + 4));
    }

    /** Octets of each datagram of several that arrived as one, the last perhaps shorter; 0 when it is one datagram. */
    public int segmentSize(int slot) {
        long size = controlData(slot, LinuxConstants.SOL_UDP, LinuxConstants.UDP_GRO, CMSG_HEADER + 4);
        return size < 0 ? 0 : controls.get(INT, size);
    }

    /** Where in {@link #controls} the data of a control message begins that is at least so long; -1 when there is none. */
    private long controlData(int slot, int level, int type, int leastLength) {
        long control = (long) slot * CONTROL_SIZE;
        long end = control + Math.min(CONTROL_SIZE, headers.get(LONG, (long) slot * HEADER_SIZE + 40));
        while (control + CMSG_HEADER <= end) {
            long length = controls.get(LONG, control);
            if (length < CMSG_HEADER || length > end - control) {
                return -1;
            }
            if (controls.get(INT, control + 8) == level
                    && controls.get(INT, control + 12) == type
                    && length >= leastLength) {
                return control + CMSG_HEADER;
            }
            control += (length + 7) & ~7L;
        }
        return -1;
    }

    /** The address that the packet is to leave with; without one the kernel chooses. */
    public void setLocal(int slot, long high, long low) {
        touched = Math.max(touched, slot + 1);
        long control = (long) slot * CONTROL_SIZE;
        if (!AddressBits.isIpv4(high, low)) {
            controls.set(LONG, control, PKTINFO6_LENGTH);
            controls.set(INT, control + 8, LinuxConstants.IPPROTO_IPV6);
            controls.set(INT, control + 12, LinuxConstants.IPV6_PKTINFO);
            controls.set(BIG_LONG, control + CMSG_HEADER, high);
            controls.set(BIG_LONG, control + CMSG_HEADER + 8, low);
            controls.set(INT, control + CMSG_HEADER + 16, 0);
            headers.set(LONG, (long) slot * HEADER_SIZE + 40, PKTINFO6_SPACE);
            return;
        }
        controls.set(LONG, control, PKTINFO_LENGTH);
        controls.set(INT, control + 8, LinuxConstants.IPPROTO_IP);
        controls.set(INT, control + 12, LinuxConstants.IP_PKTINFO);
        controls.set(INT, control + CMSG_HEADER, 0);
        controls.set(BIG_INT, control + CMSG_HEADER + 4, (int) low);
        controls.set(INT, control + CMSG_HEADER + 8, 0);
        headers.set(LONG, (long) slot * HEADER_SIZE + 40, PKTINFO_SPACE);
    }

    /** Lets the kernel choose the address that the packet leaves with. */
    public void clearLocal(int slot) {
        touched = Math.max(touched, slot + 1);
        headers.set(LONG, (long) slot * HEADER_SIZE + 40, 0);
    }

    private void prepareToReceive(int slot) {
        long header = (long) slot * HEADER_SIZE;
        headers.set(INT, header + 8, NAME_SIZE);
        headers.set(LONG, header + 40, CONTROL_SIZE);
        headers.set(INT, header + 48, 0);
        headers.set(INT, header + 56, 0);
        vectors.set(LONG, (long) slot * VECTOR_SIZE, memory.address() + origin(slot));
        vectors.set(LONG, (long) slot * VECTOR_SIZE + 8, capacity);
    }

    /** Address of the {@code mmsghdr} of {@code slot}. */
    long headerAddress(int slot) {
        return headers.address() + (long) slot * HEADER_SIZE;
    }

    /** Address of the octet at {@code offset} of {@link #memory}, with {@code length} octets behind it. */
    long address(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        return memory.address() + offset;
    }
}
