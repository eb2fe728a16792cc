package io.warren.dataplane;

/** {@link HostileRelayTest} with a peer that speaks IPv6. */
class Ipv6PeerHostileRelayTest extends HostileRelayTest {
    @Override
    boolean ipv6() {
        return true;
    }
}
