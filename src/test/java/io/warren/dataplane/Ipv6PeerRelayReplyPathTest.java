package io.warren.dataplane;

/** {@link RelayReplyPathTest} with a peer that speaks IPv6. */
class Ipv6PeerRelayReplyPathTest extends RelayReplyPathTest {
    @Override
    boolean ipv6() {
        return true;
    }
}
