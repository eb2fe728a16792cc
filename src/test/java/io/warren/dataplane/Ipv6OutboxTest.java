package io.warren.dataplane;

/** {@link OutboxTest} with tunnels over IPv6. */
class Ipv6OutboxTest extends OutboxTest {
    @Override
    String loopback() {
        return "::1";
    }
}
