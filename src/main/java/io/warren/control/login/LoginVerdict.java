package io.warren.control.login;

import io.warren.control.cluster.ClusterMessage;
import io.warren.control.port.SessionKey;
import java.util.List;

/** What becomes of a {@link Claim}. */
public sealed interface LoginVerdict extends ClusterMessage {
    /**
     * He may come in.
     *
     * @param replaced calls of his that are being ended for it
     */
    record Admitted(List<SessionKey> replaced) implements LoginVerdict {
        public Admitted {
            replaced = List.copyOf(replaced);
        }
    }

    /**
     * He has as many calls as he may have.
     *
     * @param with these, oldest first
     */
    record Refused(List<SessionKey> with) implements LoginVerdict {
        public Refused {
            with = List.copyOf(with);
        }
    }

    /** The call that claims is over, or is being ended. */
    record Gone() implements LoginVerdict {}

    /** Not all nodes have told in time which calls the user has. */
    record Unknown(String reason) implements LoginVerdict {}
}
