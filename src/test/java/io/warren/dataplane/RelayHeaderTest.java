package io.warren.dataplane;

import static io.warren.dataplane.Samples.endpoint;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What nodes of different versions must agree on, octet by octet. */
class RelayHeaderTest {
    private static final PeerPath PATH = Samples.path("198.51.100.1", 1_701, "192.0.2.7", 40_001);
    private static final PeerPath IPV6_PATH = Samples.path("2001:db8:1::", 1_701, "2001:db8::7", 40_001);
    private static final long COOKIE = 0x0123_4567_89ab_cdefL;

    private static PeerPath read(MemorySegment memory, int kind) {
        OuterPath path = new OuterPath();
        RelayHeader.read(memory, 0, kind, path);
        return new PeerPath(path.local(), path.peer());
    }

    @Test
    void theHeaderIsTheseOctets() {
        byte[] octets = new byte[RelayHeader.LENGTH];
        MemorySegment memory = MemorySegment.ofArray(octets);
        int outer = Outbox.outer(0xb8, true);
        RelayHeader.put(memory, 0, RelayHeader.SEND, 1, OuterPath.of(PATH), outer, COOKIE);
        assertThat(octets).isEqualTo(hex("""
                03 01 b8 01           # SEND, one hop, expedited forwarding, do not fragment
                c0000207              # 192.0.2.7
                9c41 06a5             # 40001, 1701
                c6336401              # 198.51.100.1
                0123456789abcdef      # cookie"""));
        assertThat(RelayHeader.kind(memory, 0)).isEqualTo(RelayHeader.SEND);
        assertThat(RelayHeader.hops(memory, 0)).isEqualTo(1);
        assertThat(read(memory, RelayHeader.SEND)).isEqualTo(PATH);
        assertThat(RelayHeader.outer(memory, 0)).isEqualTo(outer);
        assertThat(RelayHeader.cookie(memory, 0)).isEqualTo(COOKIE);
    }

    @Test
    void theHeaderOfAnIpv6PeerIsTheseOctets() {
        byte[] octets = new byte[RelayHeader.IPV6_LENGTH];
        MemorySegment memory = MemorySegment.ofArray(octets);
        int outer = Outbox.outer(0xb8, true);
        RelayHeader.put(memory, 0, RelayHeader.SEND_IPV6, 1, OuterPath.of(IPV6_PATH), outer, COOKIE);
        assertThat(octets).isEqualTo(hex("""
                07 01 b8 01           # SEND for IPv6, one hop, expedited forwarding, do not fragment
                00000000
                9c41 06a5             # 40001, 1701
                00000000
                0123456789abcdef      # cookie
                20010db8000000000000000000000007
                20010db8000100000000000000000000"""));
        assertThat(RelayHeader.length(RelayHeader.kind(memory, 0))).isEqualTo(octets.length);
        assertThat(read(memory, RelayHeader.SEND_IPV6)).isEqualTo(IPV6_PATH);
        assertThat(RelayHeader.outer(memory, 0)).isEqualTo(outer);
        assertThat(RelayHeader.cookie(memory, 0)).isEqualTo(COOKIE);
    }

    /** Nodes of the version before know kinds 1 to 5, and drop the rest. */
    @Test
    void anIpv6PeerHasKindsOfItsOwn() {
        assertThat(RelayHeader.kind(RelayHeader.UP, false)).isEqualTo(RelayHeader.UP);
        assertThat(RelayHeader.kind(RelayHeader.SEND, false)).isEqualTo(RelayHeader.SEND);
        assertThat(RelayHeader.kind(RelayHeader.UP, true)).isEqualTo(6);
        assertThat(RelayHeader.kind(RelayHeader.SEND, true)).isEqualTo(7);
    }

    @Test
    void theHighestNumbersKeepToTheirFields() {
        byte[] octets = new byte[RelayHeader.LENGTH];
        MemorySegment memory = MemorySegment.ofArray(octets);
        PeerPath highest = Samples.path("255.255.255.255", 65_535, "255.255.255.255", 65_535);
        RelayHeader.put(memory, 0, RelayHeader.UP, 2, OuterPath.of(highest), 0, -1);
        assertThat(octets).isEqualTo(hex("01020000 ffffffff ffffffff ffffffff ffffffffffffffff"));
        assertThat(read(memory, RelayHeader.UP)).isEqualTo(highest);
    }

    @Test
    void aKindWithoutAPeerLeavesNothingOfWhatWasThere() {
        byte[] octets = new byte[RelayHeader.LENGTH];
        Arrays.fill(octets, (byte) 0x55);
        RelayHeader.put(MemorySegment.ofArray(octets), 0, RelayHeader.DOWN, 2, COOKIE);
        assertThat(octets).isEqualTo(hex("02020000 00000000 00000000 00000000 0123456789abcdef"));
    }

    @Test
    void theCookieIsAnHmacOverPurposeSenderAndReceiver() {
        Endpoint one = endpoint("10.0.0.1", 1_702);
        Endpoint other = endpoint("10.0.0.2", 1_703);
        assertThat(RelayCookie.of(new Secret("a secret"), one, other)).isEqualTo(0x8d06_45b8_7d33_7e13L);
        assertThat(RelayCookie.of(new Secret("a secret"), other, one)).isEqualTo(0x74d8_b92f_282d_519bL);
        assertThat(RelayCookie.of(new Secret("another"), one, other)).isEqualTo(0x56e7_4542_6fff_b9fdL);
    }
}
