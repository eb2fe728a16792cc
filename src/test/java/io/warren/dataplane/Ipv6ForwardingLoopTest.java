package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@link ForwardingLoopTest} with tunnels over IPv6. */
class Ipv6ForwardingLoopTest extends ForwardingLoopTest {
    private static final byte[] DATA = Samples.data(
            0, 7, 9, 0, concat(hex("ff030021"), Samples.udpPacket(address("10.64.0.9"), address("192.0.2.1"), 100)));

    @Override
    String loopback() {
        return "::1";
    }

    @Test
    void everyBitOfThePeersAddressIsPinned() {
        install(1_400, false, false);
        arriveFrom(0, 1, DATA, 0);
        assertThat(network).hasSize(1);
        for (int bit = 0; bit < 64; bit++) {
            arriveFrom(bit < 10 ? 1L << bit : 0, 1 ^ 1L << bit, DATA, 0);
        }
        arriveFrom(1, 1, DATA, 0);
        assertThat(network).hasSize(1);
        assertThat(drops.count(DropReason.WRONG_PEER)).isEqualTo(65);
    }

    @Test
    void aPeerOfOneLinkIsToldNothing() {
        arriveFrom(0xfe80L << 48, 1, DATA, 0);
        arriveFrom(0xfe80L << 48, 1, hex("c802 0014 0000 0000 0000 0000 8008 0000 0000 0001"), 0);
        assertThat(drops.count(DropReason.LINK_LOCAL_PEER)).isEqualTo(2);
        assertThat(punted()).isZero();
        arriveFrom(0xfec0L << 48, 1, hex("c802 0014 0000 0000 0000 0000 8008 0000 0000 0001"), 0);
        assertThat(punted()).isOne();
    }
}
