package io.warren.dataplane;

import io.warren.sys.IoVectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hands the IP packets of a receive batch to a TUN device in as few writes as possible: consecutive packets of a TCP or
 * UDP flow become one large packet, from which the kernel makes the same packets again only if it has to
 * ({@link TransportPacket} says which may be merged). No payload is copied, the write gathers it from where it is. One
 * instance per thread.
 *
 * <p>Packets of a flow, and all packets of a session whose flow cannot be told (fragments), leave in the order in which
 * they came; large packets leave in the order of their first packets. Sessions are never mixed.
 *
 * <p>What the kernel makes of a large packet is what came, octet by octet, but for two things without meaning: a packet
 * with DF may get another IPv4 identification when all of them had one and the same (RFC 6864 §4.1: the field of an
 * atomic datagram is not to be looked at), and a checksum of 0 may become 0xffff or the other way round, in TCP.
 */
final class Coalescing {
    /** Takes what is to be written. */
    @FunctionalInterface
    interface Gather {
        /**
         * Writes the octets of the vectors {@code from} to {@code from + count - 1} as one packet: a virtio header, the
         * first packet, and the payloads of those merged with it. They stay as they are until the end of {@link #flush},
         * and what they point to until the next packet is taken.
         *
         * @param session as given to {@link #take}
         */
        void write(IoVectors vectors, int from, int count, int session);
    }

    /** Packets held at most: with the virtio header as many vectors as Linux takes in a write (UIO_MAXIOV, 1,024). */
    static final int MOST_PACKETS = 1_023;

    /** As the kernel's own receive offload has it (UDP_GRO_CNT_MAX); more would be refused by older kernels. */
    private static final int MOST_DATAGRAMS = 64;

    private static final int LARGEST = 0xffff;

    /** Sessions share these places; sharing ends large packets early and does nothing worse. */
    private static final int BARRIERS = 1_024;

    private static final int PLAIN_HEADER = 0;
    /** Octets of each virtio header, and their padding. */
    private static final int HEADER_STRIDE = 16;

    private final Gather out;
    private final TransportPacket packet;
    private final FlowTable flows;
    /** For each packet at most one vector of its own and one for a virtio header. */
    private final IoVectors vectors = new IoVectors(2 * MOST_PACKETS);

    /** The header of a packet that is not large, then one for each first packet. */
    private final MemorySegment virtio = Arena.ofAuto().allocate(HEADER_STRIDE * (MOST_PACKETS + 1L), HEADER_STRIDE);

    // The packets, by their index in the batch.
    private final MemorySegment[] memories = new MemorySegment[MOST_PACKETS];
    private final long[] places = new long[MOST_PACKETS];
    private final int[] lengths = new int[MOST_PACKETS];
    private final int[] sessions = new int[MOST_PACKETS];

    /** The packet merged next after this one. */
    private final int[] following = new int[MOST_PACKETS];

    /** What is known of a first packet and those merged with it; null for one that was merged. */
    private final Large[] large = new Large[MOST_PACKETS];

    /** Number of the last packet whose flow is unknown, by session: older packets take nothing more. */
    private final long[] barriers = new long[BARRIERS];

    private int count;

    /** Packets before this batch. */
    private long before;

    /**
     * @param tcp whether TCP packets are merged
     * @param udp whether UDP packets are merged
     * @param mostFlows flows of a batch that are kept apart; packets of further ones pass singly
     */
    Coalescing(Gather out, boolean tcp, boolean udp, int mostFlows) {
        this.out = out;
        packet = new TransportPacket(tcp, udp);
        flows = new FlowTable(mostFlows);
        Arrays.fill(memories, MemorySegment.NULL);
        Arrays.fill(barriers, FlowTable.NONE);
        Arrays.setAll(large, index -> new Large());
        VirtioHeader.putPlain(virtio, PLAIN_HEADER);
    }

    /** A first packet and those merged with it. */
    private static final class Large {
        /** Packets, 0 for a packet that was merged with an earlier one. */
        int packets;

        /** The last packet's index. */
        int last;

        /** Octets before the payload, and before the TCP or UDP header. */
        int headers;

        int upper;

        boolean tcp;

        /** Octets of the first packet's payload. */
        int gsoSize;

        /** Octets of all payloads. */
        int payload;

        /** The first packet's IPv4 identification, and what each following one adds to it. */
        int identification;

        int identificationStep;

        boolean verified;
        boolean ended;
        boolean push;
    }

    /**
     * Takes a packet to be written with the next {@link #flush} at the latest. Its memory is native and belongs to this
     * object until then.
     *
     * @param length octets that there are; behind the packet's own length is padding, which is not written
     * @param session which call it is of; packets of different ones are never merged
     * @return null, or why the packet was not taken
     */
    @Nullable
    DropReason take(MemorySegment memory, long at, int length, int session) {
        if (isFull()) {
            flush();
        }
        TransportPacket.Kind kind = packet.read(memory, at, length);
        if (kind == TransportPacket.Kind.UNSOUND) {
            return DropReason.BAD_INNER_PACKET;
        }
        int index = count++;
        memories[index] = memory;
        places[index] = at;
        lengths[index] = packet.length();
        sessions[index] = session;
        large[index].packets = 1;
        if (kind == TransportPacket.Kind.FLOW_UNKNOWN) {
            barriers[barrier(session)] = before + index;
        } else {
            place(index, session, kind == TransportPacket.Kind.MERGEABLE);
        }
        return null;
    }

    /** Whether the next {@link #take} would have to {@link #flush}. */
    boolean isFull() {
        return count == MOST_PACKETS;
    }

    /** Writes all that was taken. The packets' memory is free afterwards, and has been changed. */
    void flush() {
        int vector = 0;
        for (int index = 0; index < count; index++) {
            Large it = large[index];
            if (it.packets == 0) {
                continue;
            }
            int pieces = it.packets == 1 ? gatherOne(index, vector) : gather(index, it, vector);
            out.write(vectors, vector, pieces, sessions[index]);
            vector += pieces;
        }
        discard();
    }

    /** Forgets all that was taken. */
    void discard() {
        before += count;
        count = 0;
        flows.startBatch(before);
    }

    private static int barrier(int session) {
        return ((session * 0x9e37_79b9) >>> 16) & (BARRIERS - 1);
    }

    /** Looks for the packet's flow: joins it, or ends what is there, and perhaps begins anew. */
    private void place(int index, int session, boolean mergeable) {
        int hash = packet.flowHash(session);
        int place = flows.first(hash);
        for (long found = flows.packet(place); found != FlowTable.NONE; found = flows.packet(place)) {
            int first = (int) (found - before);
            if (flows.matches(place, hash)
                    && sessions[first] == session
                    && packet.sameFlow(memories[first], places[first])) {
                if (mergeable && !join(first, index)) {
                    begin(index);
                    flows.replace(place, before + index);
                } else if (!mergeable) {
                    large[first].ended = true;
                }
                return;
            }
            place = flows.next(place);
        }
        if (mergeable) {
            begin(index);
            flows.add(place, hash, before + index);
        }
    }

    private void begin(int index) {
        Large it = large[index];
        it.last = index;
        it.tcp = packet.tcp();
        it.upper = packet.upper();
        it.headers = packet.headers();
        it.gsoSize = packet.payload();
        it.payload = packet.payload();
        it.identification = packet.identification();
        it.push = packet.push();
        it.ended = packet.push();
        it.verified = false;
    }

    /** Merges the packet with the flow's open one; false when it has to begin one of its own. */
    private boolean join(int first, int index) {
        Large it = large[first];
        if (it.ended || !fits(it, first) || !verified(it, first)) {
            return false;
        }
        if (it.packets == 1) {
            it.identificationStep = packet.identification() == it.identification ? 0 : 1;
        }
        following[it.last] = index;
        it.last = index;
        it.packets++;
        it.payload += packet.payload();
        it.push = packet.push();
        it.ended = it.push || packet.payload() < it.gsoSize || (!it.tcp && it.packets == MOST_DATAGRAMS);
        large[index].packets = 0;
        return true;
    }

    private boolean fits(Large it, int first) {
        return packet.payload() <= it.gsoSize
                && it.headers + it.payload + packet.payload() <= LARGEST
                && packet.continues(memories[first], places[first], it.payload)
                && identified(it)
                && barriers[barrier(sessions[first])] < before + first;
    }

    /** IPv4: counted up by one as the kernel will do, or with DF all the same, which the second packet decides. */
    private boolean identified(Large it) {
        if (!packet.ipv4()) {
            return true;
        }
        int step = packet.identification() - it.identification & 0xffff;
        boolean fixed = packet.dontFragment() && (it.packets == 1 || it.identificationStep == 0);
        boolean counted = it.packets == 1 || it.identificationStep == 1;
        return (fixed && step == 0) || (counted && step == it.packets);
    }

    /** Only now that two packets would be merged are their checksums looked at. */
    private boolean verified(Large it, int first) {
        if (!it.verified) {
            it.verified = packet.verified(memories[first], places[first], lengths[first]);
        }
        return it.verified && packet.verified();
    }

    private int gatherOne(int index, int vector) {
        vectors.set(vector, virtio, PLAIN_HEADER, VirtioHeader.LENGTH);
        vectors.set(vector + 1, memories[index], places[index], lengths[index]);
        return 2;
    }

    private int gather(int first, Large it, int vector) {
        long header = (first + 1L) * HEADER_STRIDE;
        makeLarge(memories[first], places[first], it, header);
        vectors.set(vector, virtio, header, VirtioHeader.LENGTH);
        vectors.set(vector + 1, memories[first], places[first], lengths[first]);
        int index = first;
        for (int piece = 2; piece <= it.packets; piece++) {
            index = following[index];
            vectors.set(vector + piece, memories[index], places[index] + it.headers, lengths[index] - it.headers);
        }
        return it.packets + 1;
    }

    /** Makes the first packet's headers those of the large one; the kernel completes the checksum. */
    private void makeLarge(MemorySegment memory, long at, Large it, long header) {
        boolean ipv4 = it.upper == Ipv4Header.SHORTEST_HEADER;
        int length = it.headers + it.payload;
        int upperLength = length - it.upper;
        long upper = at + it.upper;
        int protocol = it.tcp ? TransportHeader.TCP : TransportHeader.UDP;
        int checksum = it.tcp ? TransportHeader.TCP_CHECKSUM : TransportHeader.UDP_CHECKSUM;
        if (ipv4) {
            Octets.put16(memory, at + 2, length);
            Ipv4Header.setChecksum(memory, at);
        } else {
            Octets.put16(memory, at + 4, length - Ipv6Header.LENGTH);
        }
        if (!it.tcp) {
            Octets.put16(memory, upper + 4, upperLength);
        } else if (it.push) {
            Octets.put8(memory, upper + 13, Octets.u8(memory, upper + 13) | TransportHeader.PSH);
        }
        long addresses = WordSum.of(memory, ipv4 ? at + 12 : at + 8, ipv4 ? 8 : 32);
        Octets.put16(memory, upper + checksum, WordSum.fold(addresses + protocol + upperLength));
        int tcpType = ipv4 ? VirtioHeader.GSO_TCPV4 : VirtioHeader.GSO_TCPV6;
        int type = it.tcp ? tcpType : VirtioHeader.GSO_UDP_L4;
        VirtioHeader.putGso(virtio, header, type, it.headers, it.gsoSize, it.upper, checksum);
    }
}
