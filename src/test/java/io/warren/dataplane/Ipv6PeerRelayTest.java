package io.warren.dataplane;

/** {@link RelayTest} with a peer that speaks IPv6. */
class Ipv6PeerRelayTest extends RelayTest {
    @Override
    boolean ipv6() {
        return true;
    }
}
