package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.control.port.CallMeters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeterCodecTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private long value() {
        return random.nextLong() >>> 1 + random.nextInt(63);
    }

    private CallMeters call() {
        Map<Long, SessionCounters> meters = new HashMap<>();
        for (int i = random.nextInt(17); i > 0; i--) {
            meters.put(random.nextLong(), new SessionCounters(value(), value(), value(), value(), value()));
        }
        return new CallMeters(
                new SessionKey(random.nextInt(1, 65_536), random.nextInt(1, 65_536)),
                random.nextInt(65_536),
                random.nextInt(65_536),
                meters);
    }

    @Test
    void allIsTheSameOnTheOtherSide() throws WireException {
        for (int round = 0; round < 500; round++) {
            List<CallMeters> calls = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                calls.add(call());
            }
            assertThat(MeterCodec.decode(MeterCodec.encode(calls)))
                    .as("seed %d", seed)
                    .isEqualTo(calls);
        }
    }

    /** The octets stay: nodes of two versions talk to each other. */
    @Test
    void aCallIsThisManyOctets() throws WireException {
        CallMeters call = new CallMeters(
                new SessionKey(0x0501, 7),
                0x1234,
                0x5678,
                Map.of(0x0102_0304_0506_0708L, new SessionCounters(1, 300, 2, 128, 0)));
        Bytes octets = Bytes.ofHex("0501 0007 1234 5678 01 0102030405060708 01 ac02 02 8001 00".replace(" ", ""));
        assertThat(MeterCodec.encode(List.of(call))).isEqualTo(octets);
        assertThat(MeterCodec.decode(octets)).containsExactly(call);
    }

    @Test
    void octetsThatAreNoneAreRefused() {
        for (int round = 0; round < 5_000; round++) {
            byte[] octets = MeterCodec.encode(List.of(call(), call())).toByteArray();
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            Bytes cut = Bytes.of(Arrays.copyOf(octets, random.nextInt(octets.length + 1)));
            try {
                MeterCodec.decode(cut)
                        .forEach(call -> call.meters()
                                .values()
                                .forEach(shows -> assertThat(shows.atLeast(SessionCounters.ZERO))
                                        .as("seed %d", seed)
                                        .isTrue()));
            } catch (WireException expected) {
                assertThat(expected).isNotNull();
            }
        }
        assertThatThrownBy(() -> MeterCodec.decode(
                        Bytes.ofHex("0501000712345678010102030405060708" + "ff".repeat(9) + "0100000000")))
                .as("a counter below zero")
                .isInstanceOf(WireException.class);
    }
}
