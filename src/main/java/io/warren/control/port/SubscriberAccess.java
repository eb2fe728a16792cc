package io.warren.control.port;

import java.util.concurrent.CompletionStage;

/** Decides who may call and which address he gets: a users file, a {@link SubscriberAuthority}, or both. */
public interface SubscriberAccess {
    /** Never completes exceptionally: a failure is a {@link AccessDecision.Denied} with its reason. */
    CompletionStage<AccessDecision> decide(AccessRequest request);

    /**
     * Leases a particular address that the peer wishes; false when it is taken or not ours to give. Never completes
     * exceptionally.
     */
    CompletionStage<Boolean> lease(SessionKey key, int address);

    /** Marks an address as leased to a call that is recovered from the journal. */
    void restore(SessionKey key, int address);

    /** Gives an address back. */
    void release(SessionKey key, int address);

    /**
     * The call is over, and nobody waits for an answer any more: what it still has, or is about to get, is given back.
     */
    void over(SessionKey key);
}
