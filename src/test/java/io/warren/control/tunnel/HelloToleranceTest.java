package io.warren.control.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.AddressPrefix;
import io.warren.config.PeerPattern;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelloToleranceTest {
    @Test
    void helloToleranceIsAsThePeersPolicySays() {
        for (boolean tolerated : new boolean[] {true, false}) {
            Exchange peer = new Exchange(tolerating(!tolerated, tolerated)).establishedAsResponder();
            peer.acknowledge();
            peer.runFor(Duration.ofSeconds(60 + 32));
            assertThat(peer.state.name()).isEqualTo(tolerated ? "established" : "closed");
        }
    }

    private static TunnelSettings tolerating(boolean all, boolean peer) {
        TunnelSettings usual = Exchange.settings(null, all, 10, 10);
        return new TunnelSettings(
                usual.hostName(),
                usual.vendorName(),
                usual.secret(),
                usual.hideAvps(),
                usual.receiveWindow(),
                usual.retransmit(),
                usual.helloInterval(),
                usual.helloTolerant(),
                usual.setupTimeout(),
                usual.maxSessions(),
                usual.maxSessionsInSetup(),
                usual.failover(),
                List.of(
                        new TunnelSettings.HelloTolerance(
                                new PeerPattern("", List.of(AddressPrefix.parse("192.0.2.9"))), peer),
                        new TunnelSettings.HelloTolerance(
                                new PeerPattern("", List.of(AddressPrefix.parse("192.0.2.0/24"))), !peer)));
    }
}
