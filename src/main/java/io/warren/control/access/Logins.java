package io.warren.control.access;

import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whether somebody who has proved who he is may have one more call. Safe for use by many threads. */
public interface Logins {
    /** Nothing limits how many calls a user may have. */
    Logins UNLIMITED = new Logins() {
        @Override
        public boolean limits(int calls) {
            return false;
        }

        @Override
        public CompletionStage<Answer> claim(CallDetails call, String user, int calls) {
            return CompletableFuture.completedFuture(new Answer.Admitted());
        }

        @Override
        public boolean hasReplaced(SessionKey key) {
            return false;
        }

        @Override
        public void over(SessionKey key) {}
    };

    /** Whether {@link #claim} has to be asked at all for a user of whom this was said. */
    boolean limits(int calls);

    /**
     * Claims one more call for a user. Never completes exceptionally, and may take some seconds.
     *
     * @param call that claims; may ask again, and is let in again
     * @param calls how many he may have, as was said of him; 0: nothing was said
     */
    CompletionStage<Answer> claim(CallDetails call, String user, int calls);

    /**
     * Whether the call was let in a moment ago in another one's place, so that an address of its user's own may still be
     * taken and be free soon.
     */
    boolean hasReplaced(SessionKey key);

    /** The call is over. */
    void over(SessionKey key);

    /** What {@link #claim} is answered. */
    sealed interface Answer {
        record Admitted() implements Answer {}

        /** He has as many as he may have; the reason is for the journal. */
        record Refused(String reason) implements Answer {}

        /** It cannot be told now; the reason is for the journal. */
        record Unknown(String reason) implements Answer {}
    }
}
