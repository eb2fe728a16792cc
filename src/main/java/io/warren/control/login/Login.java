package io.warren.control.login;

import io.warren.control.port.SessionKey;
import java.time.Instant;
import java.util.Comparator;

/**
 * A connected call, as the node that has it knows it.
 *
 * @param id names the call for ever, as in its {@code CallDetails}
 * @param user empty before somebody was let in
 * @param since when it was connected
 * @param ending whether it is being ended already
 */
public record Login(SessionKey key, String id, String user, Instant since, boolean ending) {
    /** Oldest first. */
    static final Comparator<Login> BY_AGE = Comparator.comparing(Login::since).thenComparing(Login::id);

    /** The same call as two nodes know it, since it moves: whoever knows more is right. */
    public Login with(Login other) {
        return new Login(key, id, user.isEmpty() ? other.user : user, since, ending || other.ending);
    }
}
