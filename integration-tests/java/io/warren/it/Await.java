package io.warren.it;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits by looking again and again, never longer than it is told. */
final class Await {
    private static final Duration STEP = Duration.ofMillis(20);

    private Await() {}

    /** Fails when {@code condition} does not become true within {@code patience}. */
    static void until(String what, Duration patience, BooleanSupplier condition) {
        until(what, patience, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** The first value that {@code look} finds. */
    static <T> T until(String what, Duration patience, Supplier<Optional<T>> look) {
        return until(what, patience, STEP, look);
    }

    /** The same, for a look that costs something: {@code step} passes from one to the next. */
    static <T> T until(String what, Duration patience, Duration step, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + patience.toMillis() + " ms in vain until " + what);
            }
            pause(step);
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
