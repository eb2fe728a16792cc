package io.warren.radius;

/** Packet codes (RFC 2865 §4, RFC 2866 §4, RFC 5176 §3). */
final class RadiusCode {
    static final int ACCESS_REQUEST = 1;
    static final int ACCESS_ACCEPT = 2;
    static final int ACCESS_REJECT = 3;
    static final int ACCOUNTING_REQUEST = 4;
    static final int ACCOUNTING_RESPONSE = 5;
    static final int ACCESS_CHALLENGE = 11;
    static final int DISCONNECT_REQUEST = 40;
    static final int DISCONNECT_ACK = 41;
    static final int DISCONNECT_NAK = 42;
    static final int COA_REQUEST = 43;
    static final int COA_ACK = 44;
    static final int COA_NAK = 45;

    private RadiusCode() {}

    /** Whether a reply may answer a request. */
    static boolean answers(int request, int reply) {
        return switch (request) {
            case ACCESS_REQUEST -> reply == ACCESS_ACCEPT || reply == ACCESS_REJECT || reply == ACCESS_CHALLENGE;
            case ACCOUNTING_REQUEST -> reply == ACCOUNTING_RESPONSE;
            case DISCONNECT_REQUEST -> reply == DISCONNECT_ACK || reply == DISCONNECT_NAK;
            case COA_REQUEST -> reply == COA_ACK || reply == COA_NAK;
            default -> false;
        };
    }
}
