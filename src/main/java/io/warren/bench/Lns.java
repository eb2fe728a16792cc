package io.warren.bench;

import java.time.Duration;

/**
 * An LNS under measurement, as one process in the namespace {@code lns}.
 *
 * @param patience with the process when it is told to end
 */
record Lns(Kind kind, Process process, Duration patience) implements AutoCloseable {
    /** What all of them are told. */
    static final String SECRET = "bench tunnel";

    static final String PASSWORD = "bench-password";
    static final String POOL = "10.64.0.0/16";

    /** Which ones there are. */
    enum Kind {
        WARREN("Warren"),
        L2TPNS("l2tpns");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** As its makers write it. */
        String title() {
            return title;
        }
    }

    /** Of the process whose CPU time counts. */
    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        Program.stop(process, patience);
    }
}
