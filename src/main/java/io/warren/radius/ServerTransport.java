package io.warren.radius;

import io.warren.radius.RadiusClient.Asked;
import java.io.IOException;

/** The way to one server. For the client's thread only, which it never blocks. */
interface ServerTransport {
    /** The server's, for logs and figures. */
    String name();

    /**
     * Where a question will wait for its answer.
     *
     * @throws IOException when there is no way to the server
     */
    Place place(Asked asked) throws IOException;

    /** Time has passed. */
    default void tick(long now) {}

    /** After how many milliseconds that is to be said again at the latest, though nobody asks. */
    default long idleMillis(long now) {
        return Long.MAX_VALUE;
    }

    /** Nothing is sent or received any more. */
    void close();

    /** Where a question waits for its answer. */
    interface Place {
        /** Sends its octets; those of before, if it was sent already. */
        void send() throws IOException;

        /** Nobody waits for the answer any more. */
        void leave();
    }
}
