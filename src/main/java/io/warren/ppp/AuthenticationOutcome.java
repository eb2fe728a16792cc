package io.warren.ppp;

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
     */
    record Accepted(
            int address,
            List<Integer> dns,
            List<String> permitted,
            @Nullable String authenticatorResponse,
            long interfaceIdentifier,
            @Nullable MppeTerms mppe)
            implements AuthenticationOutcome {
        /** Without a word about IPv6 and encryption. */
        public Accepted(
                int address, List<Integer> dns, List<String> permitted, @Nullable String authenticatorResponse) {
            this(address, dns, permitted, authenticatorResponse, 0, null);
        }
    }

    record Rejected(String reason) implements AuthenticationOutcome {}
}
