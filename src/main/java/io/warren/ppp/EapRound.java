package io.warren.ppp;

import io.warren.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Ties the peer's next Response to the Request that it answers: only who made the Request can go on with it.
 *
 * @param server its name; null for this node itself
 * @param state what it wants to have back with the Response, octet for octet; null for nothing
 */
public record EapRound(@Nullable String server, @Nullable Bytes state) {
    @Override
    public String toString() {
        return "EapRound[server=" + server + "]";
    }
}
