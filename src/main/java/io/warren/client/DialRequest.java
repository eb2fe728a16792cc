package io.warren.client;

import io.warren.ppp.MppePolicy;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.TunnelSecret;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to make.
 *
 * @param secret of the tunnel; null: no tunnel authentication
 * @param tun name of the TUN device to move packets to; null: none, pings are made here
 * @param ping IPv4 address to ping once the call is up, as a big-endian int; null: no pings
 * @param pings how many
 * @param mppe whether packets are encrypted
 * @param timeout how long the call may take to come up
 */
public record DialRequest(
        InetSocketAddress lns,
        String user,
        Bytes password,
        @Nullable TunnelSecret secret,
        @Nullable String tun,
        @Nullable Integer ping,
        int pings,
        MppePolicy mppe,
        Duration timeout) {
    /** In the clear. */
    public DialRequest(
            InetSocketAddress lns,
            String user,
            Bytes password,
            @Nullable TunnelSecret secret,
            @Nullable String tun,
            @Nullable Integer ping,
            int pings,
            Duration timeout) {
        this(lns, user, password, secret, tun, ping, pings, MppePolicy.OFF, timeout);
    }

    @Override
    public String toString() {
        return "DialRequest[lns=" + lns + ", user=" + user + "]";
    }
}
