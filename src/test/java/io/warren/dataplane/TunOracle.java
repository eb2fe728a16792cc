package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.sys.IoVectors;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Stands for a TUN device: checks what is written to it as the kernel would, and cuts large packets again. */
final class TunOracle implements Coalescing.Gather {
    /** One write: the packet as it came, and what it amounts to. */
    record Written(byte[] packet, List<byte[]> packets) {}

    final List<Written> writes = new ArrayList<>();

    /** Session and number of packets of each write. */
    final List<String> accounts = new ArrayList<>();

    @Override
    public void write(IoVectors vectors, int from, int count, int session) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int index = from; index < from + count; index++) {
            all.writeBytes(vectors.octets(index).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        }
        byte[] virtio = Arrays.copyOf(all.toByteArray(), 10);
        byte[] packet = Arrays.copyOfRange(all.toByteArray(), 10, all.size());
        boolean plain = Arrays.equals(virtio, new byte[10]);
        writes.add(new Written(packet, plain ? List.of(packet) : cut(virtio, packet)));
        accounts.add(session + ":" + (count - 1));
    }

    /** All packets in the order in which they left. */
    List<byte[]> packets() {
        return writes.stream().flatMap(it -> it.packets().stream()).toList();
    }

    private static List<byte[]> cut(byte[] virtio, byte[] packet) {
        boolean tcp = IpPackets.protocol(packet) == IpPackets.TCP;
        int upper = IpPackets.upper(packet);
        int headers = IpPackets.headers(packet);
        int gsoSize = (virtio[4] & 0xff) | (virtio[5] & 0xff) << 8;
        int type = !tcp ? 5 : IpPackets.isIpv4(packet) ? 1 : 4;
        assertThat(virtio).isEqualTo(IpPackets.virtio(1, type, headers, gsoSize, upper, tcp ? 16 : 6));
        assertThat(packet.length - headers).isGreaterThan(gsoSize);
        assertThat(packet.length).isLessThanOrEqualTo(0xffff);
        assertThat(IpPackets.u16(packet, IpPackets.checksumAt(packet))).isEqualTo(IpPackets.pseudoSum(packet));
        byte[] done = packet.clone();
        byte[] right = IpPackets.completed(packet);
        IpPackets.put16(done, IpPackets.checksumAt(done), IpPackets.u16(right, IpPackets.checksumAt(done)));
        assertThat(done).as("lengths and the IPv4 checksum").isEqualTo(right);
        int segments = (packet.length - headers + gsoSize - 1) / gsoSize;
        assertThat(segments).isLessThanOrEqualTo(tcp ? 1_023 : 64);
        List<byte[]> packets = new ArrayList<>();
        for (int index = 0; index < segments; index++) {
            packets.add(IpPackets.segment(packet, index, gsoSize));
        }
        return packets;
    }
}
