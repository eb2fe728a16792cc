package io.warren.wire.l2tp;

/** The shape of an AVP's value, and how many octets it may have before hiding. */
enum ValueForm {
    EMPTY(0, 0),
    U16(2, 2),
    U32(4, 4),
    /** Four octets by the RFC; some clients send two. */
    U32_OR_U16(2, 4),
    U64(8, 8),
    TEXT(0, Limit.OCTETS),
    NAME(1, Limit.OCTETS),
    OCTETS(0, Limit.OCTETS),
    RANDOM_OCTETS(1, Limit.OCTETS),
    TIE_BREAKER(8, 8),
    DIGEST(16, 16),
    /** Result code, then an optional error code, then an optional message. */
    RESULT_CODE(2, Limit.OCTETS),
    /** Cause code, cause message, then an optional advisory message. */
    Q931_CAUSE(3, Limit.OCTETS),
    /** Disconnect code, control protocol number, direction, then an optional message. */
    DISCONNECT_CAUSE(5, Limit.OCTETS),
    /** Two reserved octets and six counters. */
    CALL_ERRORS(26, 26),
    /** Two reserved octets and two masks. */
    ACCM(10, 10),
    /** The L2TPv2 form: two reserved octets, a session id and two rates. */
    SPEED_UPDATE(12, 12),
    /** Capability bits and a time (RFC 4951 §5.1). */
    FAILOVER_CAPABILITY(6, 6),
    /** The L2TPv2 forms of RFC 4951 §5.2 and §5.4: two reserved octets, then two ids of which the high half is reserved. */
    RESERVED_AND_TWO_IDS(10, 10),
    /** Two reserved octets, Ns and Nr (RFC 4951 §5.3). */
    CONTROL_SEQUENCE(6, 6),
    LINE_ID(2, 63),
    LOOP_ENCAPSULATION(3, 3);

    private final int shortest;
    private final int longest;

    ValueForm(int shortest, int longest) {
        this.shortest = shortest;
        this.longest = longest;
    }

    /** Whether a value of {@code length} octets can be of this form. */
    boolean fits(int length) {
        return length >= shortest && length <= longest && !(this == U32_OR_U16 && length == 3);
    }

    int shortest() {
        return shortest;
    }

    int longest() {
        return longest;
    }

    /** Length bounds of RFC 2661 §4.1. */
    private static final class Limit {
        static final int OCTETS = AvpType.LONGEST_VALUE;
    }
}
