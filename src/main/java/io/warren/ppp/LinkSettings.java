package io.warren.ppp;

import java.time.Duration;
import java.util.List;

/**
 * How one end of a link behaves.
 *
 * @param authentication methods that we ask of the peer, best first; empty: we ask for none
 * @param hostName our name in CHAP challenges
 * @param mru largest information field that we want to receive, in octets
 * @param address our IPv4 address as a big-endian int; 0: the peer shall assign one
 * @param restart interval between retransmissions of a request (RFC 1661 §4.6, 3 s)
 * @param firstRestart the same for the first Configure-Request only: a peer whose PPP attaches late loses it
 * @param maxConfigure, maxTerminate, maxFailure the counters of RFC 1661 §4.6
 * @param echoInterval silence after which an Echo-Request is sent; zero: never
 * @param echoFailures unanswered Echo-Requests after which the link is dead
 * @param ipv6 whether IPv6CP is spoken beside IPCP
 * @param mppe whether packets are encrypted
 * @param deflate whether they are compressed, where they are not encrypted
 */
public record LinkSettings(
        List<AuthenticationMethod> authentication,
        String hostName,
        int mru,
        int address,
        Duration restart,
        Duration firstRestart,
        int maxConfigure,
        int maxTerminate,
        int maxFailure,
        Duration echoInterval,
        int echoFailures,
        Duration authenticationTimeout,
        boolean ipv6,
        MppePolicy mppe,
        DeflatePolicy deflate) {
    /** Without IPv6, MPPE and Deflate. */
    public LinkSettings(
            List<AuthenticationMethod> authentication,
            String hostName,
            int mru,
            int address,
            Duration restart,
            Duration firstRestart,
            int maxConfigure,
            int maxTerminate,
            int maxFailure,
            Duration echoInterval,
            int echoFailures,
            Duration authenticationTimeout) {
        this(
                authentication,
                hostName,
                mru,
                address,
                restart,
                firstRestart,
                maxConfigure,
                maxTerminate,
                maxFailure,
                echoInterval,
                echoFailures,
                authenticationTimeout,
                false,
                MppePolicy.OFF,
                DeflatePolicy.OFF);
    }

    /** The same with IPv6CP beside IPCP, or without. */
    public LinkSettings withIpv6(boolean spoken) {
        return with(spoken, mppe, deflate);
    }

    /** The same with this policy for MPPE. */
    public LinkSettings withMppe(MppePolicy policy) {
        return with(ipv6, policy, deflate);
    }

    /** The same with this policy for Deflate. */
    public LinkSettings withDeflate(DeflatePolicy policy) {
        return with(ipv6, mppe, policy);
    }

    /** Whether CCP may be spoken. */
    boolean speaksCcp() {
        return mppe.use() != MppePolicy.Use.OFF || deflate.isOn();
    }

    private LinkSettings with(boolean otherIpv6, MppePolicy otherMppe, DeflatePolicy otherDeflate) {
        return new LinkSettings(
                authentication,
                hostName,
                mru,
                address,
                restart,
                firstRestart,
                maxConfigure,
                maxTerminate,
                maxFailure,
                echoInterval,
                echoFailures,
                authenticationTimeout,
                otherIpv6,
                otherMppe,
                otherDeflate);
    }
}
