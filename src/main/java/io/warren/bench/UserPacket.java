package io.warren.bench;

import io.warren.sys.PacketBuffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A subscriber's UDP packet as it is in a tunnel: L2TP data header (RFC 2661 §3.1), PPP, IPv4, UDP, {@link Payload}.
 */
final class UserPacket {
    private static final int L2TP_AND_PPP = 10;
    private static final int IP = 20;
    private static final int UDP = 8;
    /** Version 2, and no optional field. */
    private static final int PLAIN_DATA = 0x0002;

    private static final int LENGTH_BIT = 0x4000;
    private static final int SEQUENCE_BIT = 0x0800;
    private static final int OFFSET_BIT = 0x0200;
    private static final int CONTROL_BIT = 0x8000;
    private static final int PPP_IPV4 = 0xff03_0021;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int TTL_64_UDP = 64 << 24 | 17 << 16;
    private static final int SUBSCRIBER_PORT = 9_003;

    private UserPacket() {}

    /**
     * Writes one, ready to be sent.
     *
     * @param size of the IP packet
     * @param ids the peer's tunnel id and session id
     * @param from the subscriber's address
     */
    static void write(
            PacketBuffers batch,
            int slot,
            int size,
            int ids,
            int from,
            int to,
            int run,
            int flow,
            int sequence,
            long time) {
        MemorySegment memory = batch.memory();
        long at = batch.origin(slot);
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        memory.set(ValueLayout.JAVA_BYTE, at + 1, (byte) PLAIN_DATA);
        memory.set(Payload.INT, at + 2, ids);
        memory.set(Payload.INT, at + 6, PPP_IPV4);
        long ip = at + L2TP_AND_PPP;
        int version = 0x4500_0000 | size;
        memory.set(Payload.INT, ip, version);
        memory.set(Payload.INT, ip + 4, DONT_FRAGMENT);
        long addresses = (from & 0xffff_ffffL) + (to & 0xffff_ffffL);
        memory.set(Payload.INT, ip + 8, TTL_64_UDP | checksum(addresses + version + DONT_FRAGMENT + TTL_64_UDP));
        memory.set(Payload.INT, ip + 12, from);
        memory.set(Payload.INT, ip + 16, to);
        long udp = ip + IP;
        int length = size - IP;
        int ports = SUBSCRIBER_PORT << 16 | CoreSide.SINK_PORT;
        memory.set(Payload.INT, udp, ports);
        Payload.write(memory, udp + UDP, length - UDP, Payload.UP, run, flow, sequence, time);
        // The pseudo-header has addresses, protocol and length (RFC 768); the length is there twice.
        long sum = addresses
                + 17
                + length
                + (ports & 0xffff_ffffL)
                + length
                + Payload.sum(memory, udp + UDP, length - UDP);
        int checksum = checksum(sum);
        memory.set(Payload.INT, udp + 4, length << 16 | (checksum == 0 ? 0xffff : checksum));
        batch.setPacket(slot, at, L2TP_AND_PPP + size);
    }

    private static int checksum(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return ~(int) folded & 0xffff;
    }

    /** Whether a datagram is a data packet of the benchmark by its looks; all else is for the control connection. */
    static boolean looksLikeOne(MemorySegment memory, long at, int length) {
        int bits = u16(memory, at, length, 0);
        if (bits < 0 || (bits & CONTROL_BIT) != 0) {
            return false;
        }
        int ip = ip(memory, at, length);
        return ip > 0
                && ip + IP + UDP <= length
                && u16(memory, at, length, ip) >>> 8 == 0x45
                && memory.get(ValueLayout.JAVA_BYTE, at + ip + 9) == 17
                && u16(memory, at, length, ip + IP + 2) == CoreSide.SUBSCRIBER_PORT;
    }

    /** Our tunnel id and session id in a data packet. */
    static int ids(MemorySegment memory, long at) {
        return memory.get(Payload.INT, at + ((bits(memory, at) & LENGTH_BIT) == 0 ? 2 : 4));
    }

    /** Where the IP header begins, from the beginning of the datagram; 0 when there is none. */
    static int ip(MemorySegment memory, long at, int length) {
        int bits = bits(memory, at);
        int ppp = 6 + ((bits & LENGTH_BIT) == 0 ? 0 : 2) + ((bits & SEQUENCE_BIT) == 0 ? 0 : 4);
        if ((bits & OFFSET_BIT) != 0) {
            ppp += 2 + Math.max(0, u16(memory, at, length, ppp));
        }
        if (u16(memory, at, length, ppp) == 0xff03) {
            ppp += 2;
        }
        int protocol = u16(memory, at, length, ppp);
        if (protocol == 0x0021) {
            return ppp + 2;
        }
        return protocol >>> 8 == 0x21 ? ppp + 1 : 0;
    }

    /** The destination of the IP packet at {@code ip}. */
    static int destination(MemorySegment memory, long ip) {
        return memory.get(Payload.INT, ip + 16);
    }

    /** Length of the UDP payload by the UDP header; -1 when the packet is not so long. */
    static int payloadLength(MemorySegment memory, long at, int length, int ip) {
        int payload = u16(memory, at, length, ip + IP + 4) - UDP;
        return ip + IP + UDP + payload <= length ? payload : -1;
    }

    static int payload(int ip) {
        return ip + IP + UDP;
    }

    private static int bits(MemorySegment memory, long at) {
        return u16(memory, at, 2, 0);
    }

    /** -1 beyond the end. */
    private static int u16(MemorySegment memory, long at, int length, int index) {
        return index + 2 > length
                ? -1
                : (memory.get(ValueLayout.JAVA_BYTE, at + index) & 0xff) << 8
                        | (memory.get(ValueLayout.JAVA_BYTE, at + index + 1) & 0xff);
    }
}
