package io.warren.control.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static Endpoint endpoint(String host) {
        return Endpoint.of(new InetSocketAddress(host, 1_701));
    }

    @Test
    void ipv6IsWrittenInItsShortForm() {
        assertThat(endpoint("2001:db8:0:0:0:0:0:1")).hasToString("[2001:db8::1]:1701");
        assertThat(endpoint("2001:DB8::1").host()).isEqualTo("2001:db8::1");
        assertThat(endpoint("::1")).hasToString("[::1]:1701");
        assertThat(endpoint("192.0.2.1")).hasToString("192.0.2.1:1701");
    }

    @Test
    void limitsCountAnIpv4AddressAndTheFirst64BitsOfAnIpv6One() {
        assertThat(endpoint("192.0.2.1").source()).isEqualTo(Bytes.ofHex("c0000201"));
        assertThat(endpoint("2001:db8:1:2:3:4:5:6").source()).isEqualTo(Bytes.ofHex("20010db800010002"));
        assertThat(endpoint("2001:db8:1:2::").source())
                .isEqualTo(endpoint("2001:db8:1:2:ffff::9").source());
    }
}
