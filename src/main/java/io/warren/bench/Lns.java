package io.warren.bench;

/** An LNS under measurement, as one process in the namespace {@code lns}. */
sealed interface Lns extends AutoCloseable permits WarrenLns, L2tpnsLns {
    /** What all of them are told. */
    String SECRET = "bench tunnel";

    String PASSWORD = "bench-password";
    String POOL = "10.64.0.0/16";

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

    Kind kind();

    /** Of the process whose CPU time counts. */
    long pid();

    @Override
    void close();
}
