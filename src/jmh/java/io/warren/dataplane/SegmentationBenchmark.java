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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a segment costs of one TCP packet of 64 KiB, and the checksum alone. Run with {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SegmentationBenchmark {
    private static final int SEGMENTS = 45;
    private static final int PAYLOAD = 1_448;
    private static final int HEADERS = 52;
    private static final int STRIDE = 2_048;

    private final Segmentation segmentation = new Segmentation();
    private final MemorySegment memory = Arena.ofAuto().allocate(70_000, 64);
    private final MemorySegment target = Arena.ofAuto().allocate(SEGMENTS * STRIDE, 64);

    /** Writes one read of a TUN device: virtio header, IPv4 and TCP header with timestamps, payload. */
    @Setup
    public void fill() {
        byte[] headers = Bytes.ofHex("01013400a80514001000"
                        + "4500fe8800004000400600000a400001c0000201"
                        + "9c40005000000000000000008010020000000000" + "0101080a0000000000000000")
                .toByteArray();
        MemorySegment.copy(MemorySegment.ofArray(headers), 0, memory, 0, headers.length);
        Octets.put16(memory, VirtioHeader.LENGTH + 2, HEADERS + SEGMENTS * PAYLOAD);
        for (int index = 0; index < SEGMENTS * PAYLOAD; index++) {
            Octets.put8(memory, headers.length + index, index * 31);
        }
    }

    /** One segment, written to a place of its own as it would be for {@code sendmmsg}. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public int segment() {
        if (!segmentation.open(memory, 0, VirtioHeader.LENGTH + HEADERS + SEGMENTS * PAYLOAD)) {
            throw new IllegalStateException("the packet does not fit together");
        }
        int octets = 0;
        for (int index = 0; index < segmentation.segments(); index++) {
            octets += segmentation.write(index, target, (long) index * STRIDE + 33);
        }
        return octets;
    }

    /** The checksum of one segment's payload alone. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public int sum() {
        int sum = 0;
        for (int index = 0; index < SEGMENTS; index++) {
            sum += WordSum.of(memory, VirtioHeader.LENGTH + HEADERS + index * PAYLOAD, PAYLOAD);
        }
        return sum;
    }
}
