package io.warren.control.cluster;

import io.warren.control.port.CallMeters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Meters of many calls in few octets, since there are many each second: for each call our ids, the peer's ids and the
 * number of meters; for each meter its number and what it shows, of which each value takes as many octets as it needs.
 */
final class MeterCodec {
    /** A long, of which each octet holds seven bits. */
    private static final int LONGEST = 10;

    private static final int OCTETS_OF_A_CALL = 40;

    private MeterCodec() {}

    static Bytes encode(List<CallMeters> calls) {
        WireWriter out = new WireWriter(calls.size() * OCTETS_OF_A_CALL);
        for (CallMeters call : calls) {
            out.u16(call.key().tunnelId()).u16(call.key().sessionId());
            out.u16(call.peerTunnelId()).u16(call.peerSessionId());
            out.u8(call.meters().size());
            call.meters().forEach((number, counters) -> {
                out.u64(number);
                write(out, counters.upPackets());
                write(out, counters.upOctets());
                write(out, counters.downPackets());
                write(out, counters.downOctets());
                write(out, counters.drops());
            });
        }
        return out.toBytes();
    }

    static List<CallMeters> decode(Bytes octets) throws WireException {
        List<CallMeters> calls = new ArrayList<>();
        WireReader in = WireReader.of(octets);
        while (!in.isEmpty()) {
            SessionKey key = new SessionKey(in.u16(), in.u16());
            int peerTunnelId = in.u16();
            int peerSessionId = in.u16();
            int count = in.u8();
            Map<Long, SessionCounters> meters = new HashMap<>();
            for (int i = 0; i < count; i++) {
                meters.put(in.u64(), new SessionCounters(read(in), read(in), read(in), read(in), read(in)));
            }
            calls.add(new CallMeters(key, peerTunnelId, peerSessionId, meters));
        }
        return calls;
    }

    private static void write(WireWriter out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.u8((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.u8((int) rest);
    }

    private static long read(WireReader in) throws WireException {
        long value = 0;
        for (int i = 0; i < LONGEST; i++) {
            int octet = in.u8();
            value |= (octet & 0x7fL) << (7 * i);
            if (octet < 0x80) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw in.error("not the value of a counter");
    }
}
