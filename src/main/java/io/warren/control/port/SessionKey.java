package io.warren.control.port;

/**
 * A call, by the ids that we assigned.
 *
 * @param tunnelId 1 to 65,535
 * @param sessionId 1 to 65,535, unique within its tunnel
 */
public record SessionKey(int tunnelId, int sessionId) {
    /** The form used in logs, HTTP and the journal: {@code tunnel-session}. */
    @Override
    public String toString() {
        return tunnelId + "-" + sessionId;
    }
}
