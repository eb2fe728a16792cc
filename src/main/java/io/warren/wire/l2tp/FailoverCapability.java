package io.warren.wire.l2tp;

/**
 * The Failover Capability AVP (RFC 4951 §5.1): what its sender can recover from.
 *
 * @param controlChannel the C bit: failure of its control channel
 * @param dataChannel the D bit: a peer's numbering of data packets that begins anew
 * @param recoveryMillis how much time it asks for before its recovery counts as failed, 0 to 2^32 - 1; means something
 *     with the C bit only
 */
public record FailoverCapability(boolean controlChannel, boolean dataChannel, long recoveryMillis) {
    private static final int DATA_BIT = 2;
    private static final int CONTROL_BIT = 1;

    static FailoverCapability of(int bits, long recoveryMillis) {
        return new FailoverCapability((bits & CONTROL_BIT) != 0, (bits & DATA_BIT) != 0, recoveryMillis);
    }

    int bits() {
        return (dataChannel ? DATA_BIT : 0) | (controlChannel ? CONTROL_BIT : 0);
    }
}
