package io.warren.client;

import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.session.SessionSettings;
import io.warren.control.tunnel.FailoverSettings;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.ppp.AuthenticationMethod;
import io.warren.ppp.ClientIdentity;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.MppePolicy;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.TunnelSecret;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client behaves. */
public final class ClientSettings {
    /** Leaves room for IP, UDP, L2TP and PPP headers, and some for IPsec, in an Ethernet frame. */
    public static final int MRU = 1_400;

    private static final Duration SETUP = Duration.ofSeconds(30);
    private static final Duration ECHO_INTERVAL = Duration.ofSeconds(20);
    private static final int ECHO_FAILURES = 5;

    private ClientSettings() {}

    /** @param maxCalls how many calls this client means to place in one tunnel */
    public static TunnelSettings tunnel(String hostName, @Nullable TunnelSecret secret, int maxCalls) {
        return new TunnelSettings(
                hostName,
                "Warren",
                secret,
                false,
                64,
                RetransmitPolicy.RECOMMENDED,
                Duration.ofSeconds(60),
                false,
                SETUP,
                maxCalls,
                maxCalls,
                FailoverSettings.OFF);
    }

    /** A call in which we prove who we are, by whichever method the peer asks for, and ask for nothing in return. */
    public static SessionSettings call(String hostName, String user, Bytes password) {
        return call(hostName, user, password, MppePolicy.OFF);
    }

    /** The same, encrypted or not. */
    public static SessionSettings call(String hostName, String user, Bytes password, MppePolicy mppe) {
        // An LNS whose pppd attaches late loses the first Configure-Request: the second follows soon.
        LinkSettings link = new LinkSettings(
                List.of(),
                hostName,
                MRU,
                0,
                Duration.ofSeconds(3),
                Duration.ofMillis(250),
                10,
                2,
                5,
                ECHO_INTERVAL,
                ECHO_FAILURES,
                SETUP);
        ClientIdentity identity = new ClientIdentity(
                user,
                password,
                mppe.use() == MppePolicy.Use.REQUIRE
                        ? EnumSet.of(AuthenticationMethod.MSCHAP_V2)
                        : EnumSet.allOf(AuthenticationMethod.class));
        return new SessionSettings(link.withMppe(mppe), identity, SETUP, SETUP, Duration.ofSeconds(2));
    }
}
