package io.warren.bench;

/** Closes what must not be left behind, also when the process is told to end. */
final class ClosedAtExit<T extends AutoCloseable> implements AutoCloseable {
    private final T resource;
    private final Thread hook;

    private ClosedAtExit(T resource) {
        this.resource = resource;
        this.hook = new Thread(this::closeResource, "close");
    }

    static <T extends AutoCloseable> ClosedAtExit<T> of(T resource) {
        ClosedAtExit<T> closed = new ClosedAtExit<>(resource);
        Runtime.getRuntime().addShutdownHook(closed.hook);
        return closed;
    }

    T resource() {
        return resource;
    }

    private void closeResource() {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("warren: bench: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closeResource();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down: the hook does the same once more, which does no harm.
            assert e != null;
        }
    }
}
