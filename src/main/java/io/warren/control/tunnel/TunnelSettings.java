package io.warren.control.tunnel;

import io.warren.config.PeerPattern;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.wire.l2tp.TunnelSecret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How our end of a control connection behaves.
 *
 * @param hostName our Host Name AVP
 * @param vendorName our Vendor Name AVP
 * @param secret for tunnel authentication, both ways, and hidden AVPs; null: we neither challenge nor can answer
 * @param hideAvps whether to hide the AVPs that may be hidden (needs a secret)
 * @param receiveWindow the Receive Window Size that we advertise, 1 to 1,024
 * @param helloInterval silence after which a HELLO is sent; zero: never
 * @param helloTolerant whether a peer that does not acknowledge HELLOs is kept (Android 9 and 10)
 * @param setupTimeout how long a tunnel may take to establish, and a call in it
 * @param maxSessions calls per tunnel; above it CDN 4 (temporary lack of facilities)
 * @param maxSessionsInSetup calls of one tunnel between ICRQ and ICCN; 0: no call may begin now
 * @param failover for peers that fail and come back
 * @param tolerance where some peers are kept, or not, though others are not; of several that fit the best counts
 */
public record TunnelSettings(
        String hostName,
        String vendorName,
        @Nullable TunnelSecret secret,
        boolean hideAvps,
        int receiveWindow,
        RetransmitPolicy retransmit,
        Duration helloInterval,
        boolean helloTolerant,
        Duration setupTimeout,
        int maxSessions,
        int maxSessionsInSetup,
        FailoverSettings failover,
        List<HelloTolerance> tolerance) {
    public TunnelSettings {
        tolerance = List.copyOf(tolerance);
    }

    /** Whether peers that do not acknowledge HELLOs are kept. */
    public record HelloTolerance(PeerPattern peers, boolean tolerant) {}

    /** The same for all peers. */
    public TunnelSettings(
            String hostName,
            String vendorName,
            @Nullable TunnelSecret secret,
            boolean hideAvps,
            int receiveWindow,
            RetransmitPolicy retransmit,
            Duration helloInterval,
            boolean helloTolerant,
            Duration setupTimeout,
            int maxSessions,
            int maxSessionsInSetup,
            FailoverSettings failover) {
        this(
                hostName,
                vendorName,
                secret,
                hideAvps,
                receiveWindow,
                retransmit,
                helloInterval,
                helloTolerant,
                setupTimeout,
                maxSessions,
                maxSessionsInSetup,
                failover,
                List.of());
    }

    /** Whether the peer of this connection is kept when it does not acknowledge HELLOs. */
    boolean isTolerant(ControlConnection connection) {
        boolean best = helloTolerant;
        if (tolerance.isEmpty()) {
            return best;
        }
        int exactness = PeerPattern.NO_FIT;
        byte[] address = connection.peer().path().remote().address().toByteArray();
        for (HelloTolerance some : tolerance) {
            int fit = some.peers().fit(connection.peer().hostName(), address);
            if (fit > exactness) {
                best = some.tolerant();
                exactness = fit;
            }
        }
        return best;
    }

    /** For a node that has too much to do: no call begins. */
    TunnelSettings refusingCalls() {
        return new TunnelSettings(
                hostName,
                vendorName,
                secret,
                hideAvps,
                receiveWindow,
                retransmit,
                helloInterval,
                helloTolerant,
                setupTimeout,
                maxSessions,
                0,
                failover,
                tolerance);
    }

    @Override
    public String toString() {
        return "TunnelSettings[hostName=" + hostName + "]";
    }
}
