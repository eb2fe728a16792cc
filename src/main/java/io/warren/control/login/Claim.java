package io.warren.control.login;

import io.warren.control.port.SessionKey;
import java.time.Instant;

/**
 * A call whose user has proved who he is and wants to be let in.
 *
 * @param id names the call for ever, as in its {@code CallDetails}
 * @param user the name under which the call will be known
 * @param limit how many calls he may have, this one included: 1 or more
 * @param replaces whether his oldest calls make room; else this one is turned away
 */
public record Claim(SessionKey key, String id, String user, int limit, boolean replaces) {
    /** The call that claims, before anything but this is known of it. */
    Login login() {
        return new Login(key, id, "", Instant.EPOCH, false);
    }
}
