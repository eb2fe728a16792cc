package io.warren.control.port;

import io.warren.wire.Bytes;

/**
 * The keys for MPPE that came with the grant: a RADIUS server's (RFC 2548 §2.4), or ours of MS-CHAPv2. Never printed, and
 * not in the journal.
 *
 * @param send for what we send to the subscriber
 * @param receive for what he sends
 * @param policy MS-MPPE-Encryption-Policy: 1 allowed, 2 required; 0 not said
 * @param types MS-MPPE-Encryption-Types: bits 1 and 2 for 40 and 128 bits; 0 not said
 */
public record MppeKeys(Bytes send, Bytes receive, int policy, int types) {
    @Override
    public String toString() {
        return "MppeKeys[policy=" + policy + ", types=" + types + "]";
    }
}
