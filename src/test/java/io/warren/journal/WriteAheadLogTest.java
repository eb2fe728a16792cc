package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {
    @TempDir
    Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void givesBackWhatWasWritten() throws IOException {
        List<LoggedEvent> written = write(1, 100);
        assertThat(WriteAheadLog.leftBehind(directory, 1)).as("seed " + seed).isEqualTo(written);
        assertThat(WriteAheadLog.leftBehind(directory, 61)).as("seed " + seed).isEqualTo(written.subList(60, 100));
        assertThat(WriteAheadLog.leftBehind(directory, 101)).isEmpty();
    }

    @Test
    void anyTornEndLosesOnlyTheEventThatIsTorn() throws IOException {
        List<LoggedEvent> written = write(1, 3);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        int last = 0;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            List<LoggedEvent> read = WriteAheadLog.leftBehind(directory, 1);
            assertThat(read).isEqualTo(written.subList(0, read.size()));
            assertThat(read.size()).isBetween(last, last + 1);
            last = read.size();
        }
        assertThat(last).isEqualTo(3);
    }

    @Test
    void anyChangedOctetIsNoticed() throws IOException {
        List<LoggedEvent> written = write(1, 3);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            List<LoggedEvent> read = WriteAheadLog.leftBehind(directory, 1);
            assertThat(read).as("octet " + i).hasSizeLessThan(3).isEqualTo(written.subList(0, read.size()));
        }
    }

    @Test
    void goesOnBehindATornEnd() throws IOException {
        List<LoggedEvent> all = new ArrayList<>(write(1, 5));
        Files.write(files().getFirst(), new byte[] {0, 0, 1}, StandardOpenOption.APPEND);
        List<LoggedEvent> left = WriteAheadLog.leftBehind(directory, 1);
        List<LoggedEvent> more = events(6, 4);
        try (WriteAheadLog log = WriteAheadLog.open(directory, 1, left)) {
            log.append(more);
        }
        all.addAll(more);
        assertThat(WriteAheadLog.leftBehind(directory, 1)).isEqualTo(all);
    }

    @Test
    void deletesAFileWhenAllItsEventsAreInTheDatabase() throws IOException {
        List<LoggedEvent> left = write(1, 5);
        try (WriteAheadLog log = WriteAheadLog.open(directory, 1, left)) {
            log.append(events(6, 1));
            log.forget(4);
            assertThat(files()).hasSize(2);
            assertThat(log.canForget(5)).isTrue();
            log.forget(5);
            assertThat(files()).hasSize(1);
            log.forget(6);
            assertThat(files()).as("the file in use").hasSize(1);
        }
    }

    @Test
    void beginsANewFileWhenOneIsLarge() throws IOException {
        List<LoggedEvent> all = new ArrayList<>();
        try (WriteAheadLog log = WriteAheadLog.open(directory, 1, List.of())) {
            for (long number = 1; number <= 20; number++) {
                LoggedEvent large = event(number, 1 << 20);
                log.append(List.of(large));
                all.add(large);
            }
        }
        assertThat(files()).hasSizeGreaterThan(1);
        assertThat(WriteAheadLog.leftBehind(directory, 1)).isEqualTo(all);
    }

    @Test
    void aProbeLeavesNothingBehind() throws IOException {
        try (WriteAheadLog log = WriteAheadLog.open(directory, 1, List.of())) {
            List<LoggedEvent> events = events(1, 2);
            log.append(events.subList(0, 1));
            log.probe();
            log.append(events.subList(1, 2));
            assertThat(WriteAheadLog.leftBehind(directory, 1)).isEqualTo(events);
        }
    }

    private List<LoggedEvent> write(long first, int count) throws IOException {
        List<LoggedEvent> events = events(first, count);
        try (WriteAheadLog log = WriteAheadLog.open(directory, first, List.of())) {
            int written = 0;
            while (written < count) {
                int next = Math.min(count, written + 1 + random.nextInt(3));
                log.append(events.subList(written, next));
                written = next;
            }
        }
        return events;
    }

    private List<LoggedEvent> events(long first, int count) {
        List<LoggedEvent> events = new ArrayList<>();
        for (long number = first; number < first + count; number++) {
            events.add(event(number, random.nextInt(40)));
        }
        return events;
    }

    private LoggedEvent event(long number, int size) {
        byte[] octets = new byte[size];
        random.nextBytes(octets);
        return new LoggedEvent(
                number, "session|1-" + number, 1, "writer-ü", 1_000 + number, "", "connected/1", Bytes.of(octets));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
