package io.warren.control.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to an {@link AccessRequest}. Addresses are big-endian ints. */
public sealed interface AccessDecision {
    /**
     * Let in.
     *
     * @param user the name under which the call is known
     * @param address leased to this call until it is released
     * @param dns up to two name servers
     * @param permitted CIDR ranges from which the peer may choose its own address, if it asks
     * @param limits what the call may use
     * @param authenticatorResponse the {@code S=…} message of MS-CHAPv2 (RFC 2759 §5), else null
     * @param profile what else is known of the subscriber
     * @param keys for MPPE, where they came with the grant
     */
    record Granted(
            String user,
            int address,
            List<Integer> dns,
            List<String> permitted,
            TrafficLimits limits,
            @Nullable String authenticatorResponse,
            SubscriberProfile profile,
            @Nullable MppeKeys keys)
            implements AccessDecision {
        /** Of a subscriber of whom no more is known. */
        public Granted(
                String user,
                int address,
                List<Integer> dns,
                List<String> permitted,
                TrafficLimits limits,
                @Nullable String authenticatorResponse) {
            this(user, address, dns, permitted, limits, authenticatorResponse, SubscriberProfile.NONE, null);
        }
    }

    /**
     * Turned away.
     *
     * @param reason for the log and the journal; the peer is not told more than that authentication failed
     * @param busy whether the credentials may be right but the call cannot be served now (no address left)
     */
    record Denied(String reason, boolean busy) implements AccessDecision {}
}
