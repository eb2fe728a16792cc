package io.warren.control.port;

import io.warren.ppp.Credentials;
import org.jspecify.annotations.Nullable;

/** Who asks to be let in, and from where. */
public record AccessRequest(
        SessionKey key,
        Credentials credentials,
        String peerHostName,
        PeerPath path,
        @Nullable String callingNumber,
        @Nullable String calledNumber) {}
