package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Endpoint;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndsTest {
    @Test
    void anIpv4EndIsItsEndpoint() {
        Endpoint endpoint = endpoint("203.0.113.200", 50_000);
        long end = Ends.of(endpoint);
        assertThat(end).isEqualTo(Ends.of(address("203.0.113.200"), 50_000));
        assertThat(Ends.endpoint(end)).isEqualTo(endpoint);
        assertThat(Ends.isIpv6(end)).isFalse();
        assertThat(Ends.isIpv4Wildcard(end)).isFalse();
        assertThat(Ends.isIpv4Wildcard(Ends.of(endpoint("0.0.0.0", 1_701)))).isTrue();
        assertThat(Ends.isIpv6(Ends.of(endpoint("255.255.255.255", 65_535)))).isFalse();
    }

    @Test
    void anIpv6EndIsOneNumberWithItsPort() {
        Endpoint endpoint = endpoint("2001:db8::1", 50_000);
        long end = Ends.of(endpoint);
        assertThat(Ends.of(0x2001_0db8_0000_0000L, 1, 50_000)).isEqualTo(end);
        assertThat(Ends.isIpv6(end)).isTrue();
        assertThat(Ends.isIpv4Wildcard(end)).isFalse();
        assertThat(Ends.port(end)).isEqualTo(50_000);
        assertThat(Ends.endpoint(0x2001_0db8_0000_0000L, 1, 50_000)).isEqualTo(endpoint);
    }

    @Test
    void endsThatAreNearEachOtherAreDifferentNumbers() {
        Set<Long> ends = new HashSet<>();
        for (int host = 0; host < 200; host++) {
            for (int port = 1_600; port < 1_800; port++) {
                ends.add(Ends.of(0x2001_0db8_0000_0000L, host, port));
                ends.add(Ends.of(0x2001_0db8_0000_0000L + host, 0, port));
            }
        }
        // host 0 is in both
        assertThat(ends).hasSize(2 * 200 * 200 - 200).doesNotContain(Ends.NONE);
    }

    /** The same as {@code hash(bytes(range(24)))} of Python 3.11 with PYTHONHASHSEED=0, which is SipHash-1-3. */
    @Test
    void theHashIsSipHash() {
        assertThat(new SipHash(0, 0).of(0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L, 0x1716_1514_1312_1110L))
                .isEqualTo(0x3118_5a47_af93_2f3aL);
        assertThat(new SipHash(0, 1).of(1, 2, 3)).isNotEqualTo(new SipHash(1, 0).of(1, 2, 3));
    }

    @Test
    void aPathKnowsItsEnds() {
        OuterPath path = OuterPath.of(Samples.path("2001:db8::1", 1_701, "2001:db8::2", 40_000));
        assertThat(path.isIpv6()).isTrue();
        assertThat(path.peer()).isEqualTo(endpoint("2001:db8::2", 40_000));
        assertThat(path.local()).isEqualTo(endpoint("2001:db8::1", 1_701));
        assertThat(path.peerEnd()).isEqualTo(Ends.of(endpoint("2001:db8::2", 40_000)));
        for (String local : new String[] {"2001:db8::1", "2001:db8::3", "192.0.2.1", "2001:db8:0:1::1"}) {
            for (int port : new int[] {1_701, 1_702}) {
                path.setLocal(endpoint(local, port));
                assertThat(path.localEnd()).isEqualTo(Ends.of(endpoint(local, port)));
                assertThat(path.localEnd()).isEqualTo(Ends.of(endpoint(local, port)));
            }
        }
        assertThat(new OuterPath().isIpv6()).isFalse();
    }

    @Test
    void pathsAreMadeOnceAndToldApartByEveryPart() {
        PeerPaths paths = new PeerPaths();
        OuterPath outer = OuterPath.of(Samples.path("2001:db8::1", 1_701, "2001:db8::2", 40_000));
        assertThat(paths.of(outer))
                .isEqualTo(Samples.path("2001:db8::1", 1_701, "2001:db8::2", 40_000))
                .isSameAs(paths.of(outer));
        outer.setPeer(outer.peerHigh + 1, outer.peerLow, outer.peerPort);
        assertThat(paths.of(outer).remote()).isEqualTo(endpoint("2001:db8:0:1::2", 40_000));
        outer.setLocal(outer.localHigh, outer.localLow, 1_702);
        assertThat(paths.of(outer).local()).isEqualTo(endpoint("2001:db8::1", 1_702));
    }
}
