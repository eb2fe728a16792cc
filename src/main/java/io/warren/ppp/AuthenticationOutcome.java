package io.warren.ppp;

import io.warren.wire.Bytes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The decision about {@link Credentials}. Addresses are big-endian ints. */
public sealed interface AuthenticationOutcome {
    /**
     * @param address the IPv4 address to assign to the peer
     * @param dns name servers to hand out, up to two
     * @param permitted CIDR ranges from which the peer may wish an address of its own
     * @param authenticatorResponse {@code S=…} of MS-CHAPv2, else null
     * @param interfaceIdentifier what the peer's has to be in IPv6CP; 0: it chooses
     * @param mppe null: there are no keys to encrypt with
     * @param eap the EAP packet to say it with; null: any Success
     */
    record Accepted(
            int address,
            List<Integer> dns,
            List<String> permitted,
            @Nullable String authenticatorResponse,
            long interfaceIdentifier,
            @Nullable MppeTerms mppe,
            @Nullable Bytes eap)
            implements AuthenticationOutcome {
        /** Without a word about EAP. */
        public Accepted(
                int address,
                List<Integer> dns,
                List<String> permitted,
                @Nullable String authenticatorResponse,
                long interfaceIdentifier,
                @Nullable MppeTerms mppe) {
            this(address, dns, permitted, authenticatorResponse, interfaceIdentifier, mppe, null);
        }

        /** Without a word about IPv6, encryption and EAP. */
        public Accepted(
                int address, List<Integer> dns, List<String> permitted, @Nullable String authenticatorResponse) {
            this(address, dns, permitted, authenticatorResponse, 0, null);
        }
    }

    /** @param eap the EAP packet to say it with; null: any Failure */
    record Rejected(String reason, @Nullable Bytes eap) implements AuthenticationOutcome {
        /** Without a word about EAP. */
        public Rejected(String reason) {
            this(reason, null);
        }
    }

    /**
     * Not decided yet: the peer has to answer this first. Only for {@link Credentials.Eap}.
     *
     * @param eap the EAP Request
     * @param round to be shown with the Response
     * @param repeatAfter how long to wait for the Response before the Request is sent again; zero: as usual
     */
    record Challenged(Bytes eap, EapRound round, Duration repeatAfter) implements AuthenticationOutcome {}
}
