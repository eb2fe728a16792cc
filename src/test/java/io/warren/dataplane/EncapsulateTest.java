package io.warren.dataplane;

import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncapsulateTest {
    @ParameterizedTest
    @CsvSource({
        // Address and Control, full protocol: the form that every peer takes
        "false, false, false, 0002 8001 fffe ff03 0021",
        "true,  false, false, 0002 8001 fffe 0021",
        "false, true,  false, 0002 8001 fffe ff03 21",
        "true,  true,  false, 0002 8001 fffe 21",
        // Ns, and Nr as 0: it is reserved in data packets (RFC 2661 §3.1)
        "false, false, true,  0802 8001 fffe abcd 0000 ff03 0021",
        "true,  true,  true,  0802 8001 fffe abcd 0000 21",
    })
    void putsTheHeadersThatWereNegotiatedBeforeThePacket(boolean acfc, boolean pfc, boolean sequence, String expected) {
        ForwardingEntry entry = new ForwardingEntry(
                new SessionKey(1, 1),
                Samples.path("127.0.0.1", 1701, "127.0.0.1", 1701),
                0x8001,
                0xfffe,
                1,
                1_400,
                acfc,
                pfc,
                sequence,
                false,
                TrafficLimits.NONE);
        Encapsulate header = Encapsulate.of(entry);
        byte[] packet = hex("4500");
        MemorySegment memory = Samples.segment(packet, Encapsulate.HEADROOM);
        long start = header.prepend(memory, Encapsulate.HEADROOM, 0xabcd);
        byte[] golden = hex(expected);
        assertThat(header.length()).isEqualTo(golden.length);
        assertThat(header.sequenced()).isEqualTo(sequence);
        assertThat(Octets.copy(memory, start, golden.length + 2)).isEqualTo(Samples.concat(golden, packet));
    }
}
