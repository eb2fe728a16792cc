package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there after {@code kill -9}, each time. */
class KillTest {
    private static final int ROUNDS = 3;

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void acknowledgedEventsSurviveAKill() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(acknowledged, 500 + random.nextInt(2_000));
            check(acknowledged, "seed " + seed + ", round " + round);
        }
    }

    private void runAndKill(Map<String, Long> acknowledged, int lines) throws IOException, InterruptedException {
        Process writer = ChildJvm.start(ChildJvm.Writer.class, directory.toString());
        try (BufferedReader output = writer.inputReader()) {
            int read = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line, acknowledged);
                if (++read == lines) {
                    writer.toHandle().destroyForcibly(); // Process.destroyForcibly would close the output, too.
                }
            }
            assertThat(read).isGreaterThanOrEqualTo(lines);
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(writer.exitValue()).as("killed, not ended").isEqualTo(128 + 9);
    }

    private static void note(String line, Map<String, Long> acknowledged) {
        int space = line.indexOf(' ');
        if (space > 0 && line.startsWith("session|") && space + 1 < line.length()) {
            acknowledged.merge(line.substring(0, space), Long.parseLong(line, space + 1, line.length(), 10), Math::max);
        } else {
            assertThat(line).doesNotContain("failed");
        }
    }

    private void check(Map<String, Long> acknowledged, String round) {
        Map<String, StoredEntity> stored = new HashMap<>();
        try (H2Database database = JournalDatabase.open(directory)) {
            BulkReader.Summary summary = new BulkReader(database)
                    .read(new JournalIndex(), entity -> stored.put(entity.persistenceId(), entity));
            assertThat(summary.unreadable()).as(round).isEmpty();
        }
        assertThat(stored.keySet()).as(round).containsAll(acknowledged.keySet());
        acknowledged.forEach((id, count) -> {
            StoredEntity entity = Objects.requireNonNull(stored.get(id), round);
            List<Long> numbers =
                    entity.rows().stream().map(StoredEvent::sequenceNumber).toList();
            assertThat((long) numbers.size()).as(round + ", " + id).isGreaterThanOrEqualTo(count);
            assertThat(numbers)
                    .as(round + ", " + id)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, numbers.size()).boxed().toList());
        });
    }
}
