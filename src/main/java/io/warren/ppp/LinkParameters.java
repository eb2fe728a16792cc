package io.warren.ppp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was negotiated: everything that is needed to go on with an open link after a restart.
 *
 * @param localMagic, peerMagic magic numbers, 0 when not negotiated
 * @param peerMru largest information field that the peer takes, in octets
 * @param localMru largest that we take
 * @param peerAcfc, peerPfc whether the peer takes compressed Address/Control and protocol fields
 * @param localAddress, peerAddress IPv4 addresses as big-endian ints; without IPv4, what they would be
 * @param dns name servers given to (or, at the client end, got from) the other side
 * @param withoutIpv4 whether IPCP is not open: only IPv6 may flow
 * @param ipv6 null: IPv6CP is not open, only IPv4 may flow
 * @param mppeBits 40 or 128: packets are encrypted, with keys that are not here; 0: they are not
 */
public record LinkParameters(
        long localMagic,
        long peerMagic,
        int localMru,
        int peerMru,
        boolean peerAcfc,
        boolean peerPfc,
        int localAddress,
        int peerAddress,
        List<Integer> dns,
        boolean withoutIpv4,
        @Nullable Ipv6Parameters ipv6,
        int mppeBits) {
    /** Of a link that is not encrypted. */
    public LinkParameters(
            long localMagic,
            long peerMagic,
            int localMru,
            int peerMru,
            boolean peerAcfc,
            boolean peerPfc,
            int localAddress,
            int peerAddress,
            List<Integer> dns,
            boolean withoutIpv4,
            @Nullable Ipv6Parameters ipv6) {
        this(
                localMagic,
                peerMagic,
                localMru,
                peerMru,
                peerAcfc,
                peerPfc,
                localAddress,
                peerAddress,
                dns,
                withoutIpv4,
                ipv6,
                0);
    }

    /** Of a link for IPv4 alone. */
    public LinkParameters(
            long localMagic,
            long peerMagic,
            int localMru,
            int peerMru,
            boolean peerAcfc,
            boolean peerPfc,
            int localAddress,
            int peerAddress,
            List<Integer> dns) {
        this(localMagic, peerMagic, localMru, peerMru, peerAcfc, peerPfc, localAddress, peerAddress, dns, false, null);
    }

    /** The same, encrypted. */
    LinkParameters encrypted(MppeSession session) {
        return new LinkParameters(
                localMagic,
                peerMagic,
                localMru,
                peerMru,
                peerAcfc,
                peerPfc,
                localAddress,
                peerAddress,
                dns,
                withoutIpv4,
                ipv6,
                session.strength().bits());
    }
}
