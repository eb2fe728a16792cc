package io.warren.radius;

import java.util.Locale;

/** Why a datagram was dropped. The words are the names of figures. */
enum Dropped {
    /** Its lengths contradict each other, or it is too short or too long. */
    MALFORMED,
    /** From an address and port that no server has. */
    UNKNOWN_SOURCE,
    /** Whoever wrote it does not know the secret, or answers another request. */
    WRONG_AUTHENTICATOR,
    /** Its Message-Authenticator does not fit. */
    WRONG_MESSAGE_AUTHENTICATOR,
    /** It has none, and the server's answers must have one. */
    NO_MESSAGE_AUTHENTICATOR,
    /** Its code does not answer what was asked. */
    WRONG_CODE,
    /** Its request was answered before, or given up. */
    LATE,
    /** A request of the same client with the same octets, which is being answered. */
    REPEATED,
    /** Its Event-Timestamp is not of now. */
    STALE,
    /** A request whose answer would be longer than a packet may be: it must hold all of its Proxy-States. */
    NO_ROOM_FOR_AN_ANSWER;

    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
