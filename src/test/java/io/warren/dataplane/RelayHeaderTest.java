package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.endpoint;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** What nodes of different versions must agree on, octet by octet. */
class RelayHeaderTest {
    private static final long PEER = Ends.of(address("192.0.2.7"), 40_001);
    private static final long LOCAL = Ends.of(address("198.51.100.1"), 1_701);

    @Test
    void theHeaderIsTheseOctets() {
        byte[] octets = new byte[RelayHeader.LENGTH];
        MemorySegment memory = MemorySegment.ofArray(octets);
        RelayHeader.put(memory, 0, RelayHeader.SEND, 1, PEER, LOCAL, Outbox.outer(0xb8, true), 0x0123_4567_89ab_cdefL);
        assertThat(octets).isEqualTo(hex("""
                03 01 b8 01           # SEND, one hop, expedited forwarding, do not fragment
                c0000207              # 192.0.2.7
                9c41 06a5             # 40001, 1701
                c6336401              # 198.51.100.1
                0123456789abcdef      # cookie"""));
        assertThat(RelayHeader.kind(memory, 0)).isEqualTo(RelayHeader.SEND);
        assertThat(RelayHeader.hops(memory, 0)).isEqualTo(1);
        assertThat(RelayHeader.peer(memory, 0)).isEqualTo(PEER);
        assertThat(RelayHeader.local(memory, 0)).isEqualTo(LOCAL);
        assertThat(RelayHeader.outer(memory, 0)).isEqualTo(Outbox.outer(0xb8, true));
        assertThat(RelayHeader.cookie(memory, 0)).isEqualTo(0x0123_4567_89ab_cdefL);
    }

    @Test
    void theHighestNumbersKeepToTheirFields() {
        byte[] octets = new byte[RelayHeader.LENGTH];
        MemorySegment memory = MemorySegment.ofArray(octets);
        long highest = Ends.of(-1, 0xffff);
        RelayHeader.put(memory, 0, RelayHeader.UP, 2, highest, highest, 0, -1);
        assertThat(octets).isEqualTo(hex("01020000 ffffffff ffffffff ffffffff ffffffffffffffff"));
        assertThat(RelayHeader.peer(memory, 0)).isEqualTo(highest);
        assertThat(Ends.endpoint(highest)).isEqualTo(endpoint("255.255.255.255", 65_535));
    }

    @Test
    void theCookieIsAnHmacOverPurposeSenderAndReceiver() {
        Endpoint one = endpoint("10.0.0.1", 1_702);
        Endpoint other = endpoint("10.0.0.2", 1_703);
        assertThat(RelayCookie.of(new Secret("a secret"), one, other)).isEqualTo(0x8d06_45b8_7d33_7e13L);
        assertThat(RelayCookie.of(new Secret("a secret"), other, one)).isEqualTo(0x74d8_b92f_282d_519bL);
        assertThat(RelayCookie.of(new Secret("another"), one, other)).isEqualTo(0x56e7_4542_6fff_b9fdL);
    }

    @Test
    void endsAreEndpoints() {
        Endpoint endpoint = endpoint("203.0.113.200", 50_000);
        assertThat(Ends.endpoint(Ends.of(endpoint))).isEqualTo(endpoint);
        assertThat(Ends.of(endpoint("2001:db8::1", 1_701))).isEqualTo(Ends.NONE);
    }
}
