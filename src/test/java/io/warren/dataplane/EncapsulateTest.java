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
    private static final int PACKET = 1_400;

    @ParameterizedTest
    @CsvSource({
        // Address and Control, full protocol: the form that every peer takes
        "false, false, false, false, 0002 8001 fffe ff03 0021",
        "false, true,  false, false, 0002 8001 fffe 0021",
        "false, false, true,  false, 0002 8001 fffe ff03 21",
        "false, true,  true,  false, 0002 8001 fffe 21",
        // Ns, and Nr as 0: it is reserved in data packets (RFC 2661 §3.1)
        "false, false, false, true,  0802 8001 fffe abcd 0000 ff03 0021",
        "false, true,  false, true,  0802 8001 fffe abcd 0000 0021",
        "false, false, true,  true,  0802 8001 fffe abcd 0000 ff03 21",
        "false, true,  true,  true,  0802 8001 fffe abcd 0000 21",
        // Length: of all that is in the datagram, this header included
        "true,  false, false, false, 4002 0584 8001 fffe ff03 0021",
        "true,  true,  false, false, 4002 0582 8001 fffe 0021",
        "true,  false, true,  false, 4002 0583 8001 fffe ff03 21",
        "true,  true,  true,  false, 4002 0581 8001 fffe 21",
        "true,  false, false, true,  4802 0588 8001 fffe abcd 0000 ff03 0021",
        "true,  true,  false, true,  4802 0586 8001 fffe abcd 0000 0021",
        "true,  false, true,  true,  4802 0587 8001 fffe abcd 0000 ff03 21",
        "true,  true,  true,  true,  4802 0585 8001 fffe abcd 0000 21",
    })
    void putsTheHeadersThatWereNegotiatedBeforeThePacket(
            boolean lengthBit, boolean acfc, boolean pfc, boolean sequence, String expected) {
        Encapsulate header = Encapsulate.of(entry(acfc, pfc, sequence), lengthBit);
        byte[] packet = new byte[PACKET];
        packet[0] = 0x45;
        MemorySegment memory = Samples.segment(packet, Encapsulate.HEADROOM);
        long start = header.prepend(memory, Encapsulate.HEADROOM, PACKET, 0xabcd);
        byte[] golden = hex(expected);
        assertThat(header.length()).isEqualTo(golden.length);
        assertThat(header.sequenced()).isEqualTo(sequence);
        byte[] datagram = Octets.copy(memory, start, golden.length + PACKET);
        assertThat(datagram).isEqualTo(Samples.concat(golden, packet));
        Decapsulate read = new Decapsulate();
        assertThat(read.read(memory, start, datagram.length)).isEqualTo(Decapsulate.Kind.DATA);
        assertThat(read.payloadLength()).isEqualTo(PACKET + (acfc ? 0 : 2) + (pfc ? 1 : 2));
    }

    private static ForwardingEntry entry(boolean acfc, boolean pfc, boolean sequence) {
        return new ForwardingEntry(
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
    }
}
