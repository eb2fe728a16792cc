package io.warren.control.tunnel;

/**
 * A call as its tunnel sees it.
 *
 * @param cdnNs number of the peer's CDN while its session has not handled it; {@link #NONE} before
 */
public record Call(CallOffer offer, int cdnNs) {
    static final int NONE = -1;

    static Call of(CallOffer offer) {
        return new Call(offer, NONE);
    }

    int sessionId() {
        return offer.key().sessionId();
    }

    Call answeredBy(int peerSessionId) {
        CallOffer answered = new CallOffer(
                offer.key(),
                offer.path(),
                offer.initiator(),
                offer.peerTunnelId(),
                peerSessionId,
                offer.peerHostName(),
                offer.callSerialNumber(),
                offer.callingNumber(),
                offer.calledNumber(),
                offer.subAddress(),
                offer.accessLine(),
                offer.at());
        return new Call(answered, cdnNs);
    }

    Call endingWith(int ns) {
        return new Call(offer, ns);
    }
}
