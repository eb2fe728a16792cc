package io.warren.ppp;

import java.util.List;

/**
 * What was negotiated: everything that is needed to go on with an open link after a restart.
 *
 * @param localMagic, peerMagic magic numbers, 0 when not negotiated
 * @param peerMru largest information field that the peer takes, in octets
 * @param localMru largest that we take
 * @param peerAcfc, peerPfc whether the peer takes compressed Address/Control and protocol fields
 * @param localAddress, peerAddress IPv4 addresses as big-endian ints
 * @param dns name servers given to (or, at the client end, got from) the other side
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
        List<Integer> dns) {}
