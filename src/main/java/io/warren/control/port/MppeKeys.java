package io.warren.control.port;

import io.warren.wire.Bytes;
import io.warren.wire.mppe.MasterKeys;

/**
 * The keys for MPPE that came with the grant: a RADIUS server's (RFC 2548 §2.4), or ours of MS-CHAPv2. Never printed, and
 * not in the journal.
 *
 * @param send for what we send to the subscriber
 * @param receive for what he sends
 * @param policy MS-MPPE-Encryption-Policy: 1 allowed, {@link #REQUIRED}; 0 not said
 * @param types MS-MPPE-Encryption-Types: bits 1 and 2 for 40 and 128 bits; 0 not said
 */
public record MppeKeys(Bytes send, Bytes receive, int policy, int types) {
    /** A policy: without encryption the subscriber is not to be served. */
    public static final int REQUIRED = 2;

    /** Whether both are as long as the packets' keys need; of longer ones, such as those of TLS, the beginning counts. */
    public boolean areWhole() {
        return send.length() >= MasterKeys.LENGTH && receive.length() >= MasterKeys.LENGTH;
    }

    @Override
    public String toString() {
        return "MppeKeys[policy=" + policy + ", types=" + types + "]";
    }
}
