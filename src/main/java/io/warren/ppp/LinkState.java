package io.warren.ppp;

import org.jspecify.annotations.Nullable;

/**
 * All that a {@link PppLink} remembers between two inputs.
 *
 * @param identity who we are when the peer asks; null at an end that never says
 * @param authenticator while the peer authenticates or has authenticated itself
 * @param self while we do
 * @param authenticationDeadline when authentication must be over; {@link Long#MAX_VALUE} when it is, or is not yet due
 * @param nextChallengeId identifier of the next authentication dialogue
 * @param ending why the link is being terminated, null while it is not
 * @param heard whether the peer has sent an LCP packet yet
 * @param over whether LinkDown has been said
 */
record LinkState(
        LinkSettings settings,
        @Nullable ClientIdentity identity,
        ControlProtocol<LcpNegotiation> lcp,
        NetworkLayer network,
        @Nullable AuthenticatorDialogue authenticator,
        @Nullable PeerDialogue self,
        Question question,
        long authenticationDeadline,
        int nextChallengeId,
        Keepalive keepalive,
        @Nullable Ending ending,
        boolean heard,
        boolean over) {

    /**
     * The one decision about credentials that may be awaited at a time. An answer carries no name, so a second question
     * waits until the first is answered: else a peer could re-negotiate and be let in by the answer about somebody else.
     *
     * @param stale whether the answer is about a dialogue that is over
     * @param waiting credentials to ask about next
     */
    record Question(
            boolean outstanding, boolean stale, @Nullable Credentials waiting) {
        static final Question NONE = new Question(false, false, null);
    }

    LinkState withKeepalive(Keepalive other) {
        return with(settings, other);
    }

    LinkState with(LinkSettings other) {
        return with(other, keepalive);
    }

    private LinkState with(LinkSettings otherSettings, Keepalive otherKeepalive) {
        return new LinkState(
                otherSettings,
                identity,
                lcp,
                network,
                authenticator,
                self,
                question,
                authenticationDeadline,
                nextChallengeId,
                otherKeepalive,
                ending,
                heard,
                over);
    }

    long deadline() {
        if (over) {
            return Long.MAX_VALUE;
        }
        long next = Math.min(Math.min(lcp.deadline(), network.deadline()), authenticationDeadline);
        next = Math.min(next, keepalive.next());
        if (authenticator != null) {
            next = Math.min(next, authenticator.deadline());
        }
        return self == null ? next : Math.min(next, self.deadline());
    }

    String phase() {
        if (over) {
            return "dead";
        }
        if (ending != null) {
            return "terminate";
        }
        return switch (lcp.state()) {
            case INITIAL, STARTING -> "dead";
            case CLOSED, CLOSING, STOPPED, STOPPING -> "terminate";
            case REQ_SENT, ACK_RCVD, ACK_SENT -> "establish";
            case OPENED -> network.up() ? "open" : authenticated() ? "network" : "authenticate";
        };
    }

    boolean authenticated() {
        return (authenticator == null || authenticator.accepted()) && (self == null || self.done());
    }
}
