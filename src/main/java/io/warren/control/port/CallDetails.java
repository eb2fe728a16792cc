package io.warren.control.port;

import io.warren.wire.l2tp.AccessLine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A connected call as whoever admits and accounts subscribers is told of it.
 *
 * @param path where the LAC is, and where it spoke to us
 * @param peerHostName the LAC's name
 * @param callSerialNumber the LAC's number of the call, 0 when unknown
 * @param txConnectSpeed, rxConnectSpeed bit/s as the LAC says; 0 when unknown
 * @param accessLine what the LAC says of the line (RFC 5515)
 * @param at when the call was connected
 */
public record CallDetails(
        SessionKey key,
        PeerPath path,
        String peerHostName,
        @Nullable String callingNumber,
        @Nullable String calledNumber,
        long callSerialNumber,
        long txConnectSpeed,
        long rxConnectSpeed,
        AccessLine accessLine,
        Instant at) {
    private static final int KEY_DIGITS = 8;

    /**
     * Names the call for ever (Acct-Session-Id): its key and the microsecond of its beginning, in hexadecimal digits.
     */
    public String accountingId() {
        return accountingId(key, at);
    }

    /** The same, of a call with this key that was connected then. */
    public static String accountingId(SessionKey key, Instant at) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits((long) key.tunnelId() << 16 | key.sessionId(), KEY_DIGITS)
                + hex.toHexDigits(ChronoUnit.MICROS.between(Instant.EPOCH, at), 14);
    }

    /** The key of the call that is so named; null when it is no name of ours. */
    public static @Nullable SessionKey keyOf(String accountingId) {
        if (accountingId.length() != KEY_DIGITS + 14 || !accountingId.matches("[0-9a-f]+")) {
            return null;
        }
        int tunnelId = HexFormat.fromHexDigits(accountingId, 0, 4);
        int sessionId = HexFormat.fromHexDigits(accountingId, 4, KEY_DIGITS);
        return tunnelId == 0 || sessionId == 0 ? null : new SessionKey(tunnelId, sessionId);
    }
}
