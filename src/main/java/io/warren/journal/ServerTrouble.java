package io.warren.journal;

import java.sql.SQLException;

/** What PostgreSQL's error codes say (its manual, appendix A). */
final class ServerTrouble {
    /** connection_failure. */
    static final String GONE = "08006";

    private static final String UNIQUE_VIOLATION = "23505";

    private ServerTrouble() {}

    /**
     * Whether nobody can write now: no connection (class 08), no space or memory (53), the server is stopping (57P), its
     * disk fails (58), or it is a standby that cannot write (25006). A pool without a free connection has no code.
     */
    static boolean isGone(SQLException e) {
        String state = e.getSQLState();
        return state != null && isGone(state);
    }

    private static boolean isGone(String state) {
        return state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("58")
                || state.equals("25006");
    }

    /** Whether the row is there already: somebody else has written it. */
    static boolean isTaken(SQLException e) {
        return UNIQUE_VIOLATION.equals(e.getSQLState());
    }
}
