package io.warren.dataplane;

import io.warren.wire.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What merging a batch of 64 TCP packets costs per packet, without the system calls. Run with {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CoalescingBenchmark {
    private static final int PACKETS = 64;
    private static final int PAYLOAD = 1_348;
    private static final int HEADERS = 52;
    private static final int STRIDE = 2_048;

    /** Flows that take turns. */
    @Param({"64", "4", "1"})
    public int flows;

    private final MemorySegment memory = Arena.ofAuto().allocate(PACKETS * STRIDE, 64);
    private final byte[] header = Bytes.ofHex("4500000000004000400600000a400001c0000201"
                    + "00000050000000000000000080100200000000000101080a0000000000000000")
            .toByteArray();
    private final int[] checksums = new int[PACKETS];
    private int written;
    private final Coalescing coalescing =
            new Coalescing((vectors, from, count, session) -> written += count, true, true, 1_024);

    /** Writes packets with right checksums. */
    @Setup
    public void fill() {
        for (int index = 0; index < PACKETS; index++) {
            long at = (long) index * STRIDE + 48;
            putHeaders(index, at);
            for (int octet = 0; octet < PAYLOAD; octet++) {
                Octets.put8(memory, at + HEADERS + octet, octet * 31 + index);
            }
            int upper = HEADERS + PAYLOAD - 20;
            long sum = WordSum.of(memory, at + 12, 8 + upper);
            checksums[index] = ~WordSum.fold(sum + TransportHeader.TCP + upper);
            Octets.put16(memory, at + 36, checksums[index]);
        }
    }

    private void putHeaders(int index, long at) {
        MemorySegment.copy(MemorySegment.ofArray(header), 0, memory, at, HEADERS);
        Octets.put16(memory, at + 2, HEADERS + PAYLOAD);
        Octets.put16(memory, at + 4, index / flows);
        Ipv4Header.setChecksum(memory, at);
        Octets.put16(memory, at + 20, 40_000 + index % flows);
        Octets.put32(memory, at + 24, index / flows * PAYLOAD);
    }

    /** Taking and writing one packet; those that were changed by the last round are put right again. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int packet() {
        for (int index = 0; index < PACKETS; index++) {
            long at = (long) index * STRIDE + 48;
            if (Octets.u16(memory, at + 2) != HEADERS + PAYLOAD) {
                restore(index, at);
            }
            if (coalescing.take(memory, at, HEADERS + PAYLOAD, 7) != null) {
                throw new IllegalStateException("not an IP packet");
            }
        }
        coalescing.flush();
        return written;
    }

    private void restore(int index, long at) {
        Octets.put16(memory, at + 2, HEADERS + PAYLOAD);
        Ipv4Header.setChecksum(memory, at);
        Octets.put16(memory, at + 36, checksums[index]);
    }
}
