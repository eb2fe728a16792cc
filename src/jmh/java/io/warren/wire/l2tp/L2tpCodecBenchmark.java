package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage.Icrp;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a control packet costs in and out; a call has about ten of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class L2tpCodecBenchmark {
    private static final TunnelSecret SECRET = GoldenPacket.SECRET;

    private final byte[] sccrq = GoldenPacket.SCCRQ.octets();
    private final byte[] iccn = GoldenPacket.ICCN.octets();
    private final byte[] zlb = GoldenPacket.ZLB.octets();
    private final byte[] hiddenIcrq = GoldenPacket.ICRQ_HIDDEN.octets();
    private final Icrp icrp = new Icrp(0x42, List.of());
    private final Hiding hiding = new Hiding(SECRET, Bytes.ofHex("f0e1d2c3b4a5968778695a4b3c2d1e0f"));

    @Benchmark
    public ControlPacket decodeSccrq() throws WireException {
        return L2tpCodec.decode(sccrq, null);
    }

    @Benchmark
    public ControlPacket decodeIccn() throws WireException {
        return L2tpCodec.decode(iccn, null);
    }

    @Benchmark
    public ControlPacket decodeZlb() throws WireException {
        return L2tpCodec.decode(zlb, null);
    }

    @Benchmark
    public ControlPacket decodeHiddenIcrq() throws WireException {
        return L2tpCodec.decode(hiddenIcrq, SECRET);
    }

    @Benchmark
    public Bytes encodeIcrp() {
        return L2tpCodec.frame(0x1d3e, 0x5ac1, 1, 3, L2tpCodec.encodeBody(icrp, null));
    }

    @Benchmark
    public Bytes encodeHiddenIcrp() {
        return L2tpCodec.frame(0x1d3e, 0x5ac1, 1, 3, L2tpCodec.encodeBody(icrp, hiding));
    }
}
