package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one packet costs in our own code, without the system calls. Run with {@code -prof gc}: nothing is allocated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DataPathBenchmark {
    private static final int FIRST_ADDRESS = 0x0a40_0001;
    private static final int HEADER = 10;

    /** Number of calls in the table. */
    @Param({"1000", "100000"})
    public int calls;

    private final Decapsulate header = new Decapsulate();
    private final MemorySegment memory = Arena.ofAuto().allocate(4_096, 64);
    private final long packet = 64;
    private ForwardingTable table = new ForwardingTable(local -> 0, 1_500);
    private int next;

    /** Fills the table and writes one data packet with a TCP SYN whose MSS needs no clamping. */
    @Setup
    public void fill() {
        table = new ForwardingTable(local -> 0, 1_500);
        Endpoint end = new Endpoint(Bytes.of((byte) 127, (byte) 0, (byte) 0, (byte) 1), 1_701);
        PeerPath path = new PeerPath(end, end);
        List<ForwardingEntry> entries = new ArrayList<>();
        for (int index = 0; index < calls; index++) {
            SessionKey key = new SessionKey(1 + index / 1_000, 1 + index % 1_000);
            entries.add(new ForwardingEntry(
                    key, path, 1, 1, FIRST_ADDRESS + index, 1_400, false, false, false, false, TrafficLimits.NONE));
        }
        table.installAll(entries);
        byte[] tcp = Bytes.ofHex("0002000100010000ff030021"
                        + "4500002c00004000400600000a400001c0000201"
                        + "9c400050000000000000000060022000000000000204" + "0500")
                .toByteArray();
        MemorySegment.copy(MemorySegment.ofArray(tcp), 0, memory, packet, 6);
        MemorySegment.copy(MemorySegment.ofArray(tcp), 8, memory, packet + 6, tcp.length - 8);
    }

    private int index() {
        next = next + 7_919;
        return (next & 0x7fff_ffff) % calls;
    }

    /** Header, look-up, source check, inner checks, MSS, counting. */
    @Benchmark
    public boolean up() {
        int index = index();
        Octets.put16(memory, packet + 2, 1 + index / 1_000);
        Octets.put16(memory, packet + 4, 1 + index % 1_000);
        if (header.read(memory, packet, HEADER + 44) != Decapsulate.Kind.DATA) {
            return false;
        }
        Slot call = table.up(header.key());
        if (call == null || !call.isPeer(0, call.remoteLow, 1_701)) {
            return false;
        }
        int ppp = Decapsulate.pppHeaderBefore(Decapsulate.IPV4, memory, header.payload(), header.payloadLength());
        long at = header.payload() + ppp;
        int total = Ipv4Header.soundLength(memory, at, header.payloadLength() - ppp);
        TcpMss.clamp(memory, at, total, call.largestMss);
        call.traffic.countUp(total);
        return Ipv4Header.source(memory, at) == call.address;
    }

    /** Look-up, MSS, header, counting. */
    @Benchmark
    public long down() {
        Slot call = table.down(FIRST_ADDRESS + index());
        if (call == null) {
            return -1;
        }
        long at = packet + HEADER;
        TcpMss.clamp(memory, at, 44, call.largestMss);
        call.traffic.countDown(44);
        return call.header.prepend(memory, at, 44, 0);
    }

    @Benchmark
    public @Nullable Object lookUp() {
        int index = index();
        return table.up((1 + index / 1_000) << 16 | (1 + index % 1_000));
    }
}
