package io.warren.control.port;

/**
 * A call, by the ids that we assigned.
 *
 * @param tunnelId 1 to 65,535
 * @param sessionId 1 to 65,535, unique within its tunnel
 */
public record SessionKey(int tunnelId, int sessionId) {
    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException when it is not two numbers from 1 to 65,535 with a dash between
     */
    public static SessionKey parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("'" + text + "' is not of the form tunnel-session");
        }
        return new SessionKey(id(text.substring(0, dash)), id(text.substring(dash + 1)));
    }

    private static int id(String text) {
        int id = Integer.parseInt(text);
        if (id < 1 || id > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is not an id from 1 to 65535");
        }
        return id;
    }

    /** The form used in logs, HTTP and the journal: {@code tunnel-session}. */
    @Override
    public String toString() {
        return tunnelId + "-" + sessionId;
    }
}
