package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalHealthTest {
    @TempDir
    Path directory;

    @Test
    void isWellWhenItCanWrite() throws Exception {
        try (H2Database database = JournalDatabase.open(directory)) {
            assertThat(health(database, Runnable::run)
                            .check()
                            .toCompletableFuture()
                            .get()
                            .answering())
                    .isTrue();
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        try (H2Database database = JournalDatabase.open(directory)) {
            database.connection().createStatement().execute("DROP TABLE \"journal_probe\"");
            JournalHealth.Health health = health(database, Runnable::run)
                    .check()
                    .toCompletableFuture()
                    .get();
            assertThat(health.answering()).isFalse();
            assertThat(health.reason()).contains("journal_probe");
        }
    }

    @Test
    void doesNotWaitForAJournalThatHangsAndAsksItOnlyOnce() throws Exception {
        try (H2Database database = JournalDatabase.open(directory)) {
            AtomicInteger asked = new AtomicInteger();
            AtomicReference<Runnable> hanging = new AtomicReference<>(() -> {});
            JournalHealth health = health(database, task -> {
                asked.incrementAndGet();
                hanging.set(task);
            });
            CompletableFuture<JournalHealth.Health> first = health.check().toCompletableFuture();
            CompletableFuture<JournalHealth.Health> second = health.check().toCompletableFuture();
            assertThat(first.get().answering()).isFalse();
            assertThat(second.get().reason()).isEqualTo("no answer within 50 ms");
            assertThat(asked).hasValue(1);
            hanging.get().run();
            health.check();
            assertThat(asked).hasValue(2);
        }
    }

    private static JournalHealth health(H2Database database, Executor executor) {
        return new JournalHealth(database, executor, InstantSource.system(), Duration.ofMillis(50));
    }
}
