package io.warren.control.port;

import io.warren.ppp.Credentials;
import io.warren.wire.l2tp.AccessLine;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who asks to be let in, and from where. */
public record AccessRequest(CallDetails call, Credentials credentials) {
    /** For a call of which no more is known. */
    public AccessRequest(
            SessionKey key,
            Credentials credentials,
            String peerHostName,
            PeerPath path,
            @Nullable String callingNumber,
            @Nullable String calledNumber) {
        this(
                new CallDetails(
                        key, path, peerHostName, callingNumber, calledNumber, 0, 0, 0, AccessLine.NONE, Instant.EPOCH),
                credentials);
    }

    public SessionKey key() {
        return call.key();
    }
}
