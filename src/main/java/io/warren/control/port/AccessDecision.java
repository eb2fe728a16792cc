package io.warren.control.port;

import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import java.time.Duration;
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
     * @param eap the EAP packet to say it with, where it came with the grant
     */
    record Granted(
            String user,
            int address,
            List<Integer> dns,
            List<String> permitted,
            TrafficLimits limits,
            @Nullable String authenticatorResponse,
            SubscriberProfile profile,
            @Nullable MppeKeys keys,
            @Nullable Bytes eap)
            implements AccessDecision {
        /** Without a word about EAP. */
        public Granted(
                String user,
                int address,
                List<Integer> dns,
                List<String> permitted,
                TrafficLimits limits,
                @Nullable String authenticatorResponse,
                SubscriberProfile profile,
                @Nullable MppeKeys keys) {
            this(user, address, dns, permitted, limits, authenticatorResponse, profile, keys, null);
        }

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
     * @param eap the EAP packet to say it with; null: any
     */
    record Denied(String reason, boolean busy, @Nullable Bytes eap) implements AccessDecision {
        /** Without a word about EAP. */
        public Denied(String reason, boolean busy) {
            this(reason, busy, null);
        }
    }

    /**
     * Not decided yet: the peer is to answer this EAP Request, and its Response to be decided upon with this round.
     *
     * @param repeatAfter how long to wait for the Response before the Request is sent again; zero: as usual
     */
    record Challenged(Bytes eap, EapRound round, Duration repeatAfter) implements AccessDecision {}
}
