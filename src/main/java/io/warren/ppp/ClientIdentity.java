package io.warren.ppp;

import io.warren.wire.Bytes;
import java.util.Set;

/** Who we say we are when the peer authenticates us, and by which methods we let it. */
public record ClientIdentity(String user, Bytes password, Set<AuthenticationMethod> accepted) {
    @Override
    public String toString() {
        return "ClientIdentity[user=" + user + "]";
    }
}
