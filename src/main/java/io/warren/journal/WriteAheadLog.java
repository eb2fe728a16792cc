package io.warren.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events in files, in the order in which they were acknowledged: {@code journal-NUMBER.log}, named for the first one in
 * it. An event has been handed to the operating system (a killed process loses nothing) when {@link #append} returns.
 * What follows a torn record was never acknowledged. Not safe for use by several threads.
 */
final class WriteAheadLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);

    /** A file that has grown to so many octets is followed by a new one. */
    private static final long LARGE = 8L << 20;

    private static final String PREFIX = "journal-";
    private static final int DIGITS = 19;

    private record Segment(Path path, long first) {}

    private final Path directory;
    private final Deque<Segment> full = new ArrayDeque<>();
    private ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    private Segment segment;
    private RandomAccessFile file;
    private long length;
    private boolean torn;

    private WriteAheadLog(Path directory, Segment segment) throws IOException {
        this.directory = directory;
        this.segment = segment;
        this.file = create(segment);
    }

    /** A log that goes on after these events, which an earlier process left behind, or begins with this number. */
    static WriteAheadLog open(Path directory, long begin, List<LoggedEvent> left) throws IOException {
        long next = left.isEmpty() ? begin : left.getLast().number() + 1;
        Segment segment = segment(directory, next);
        List<Segment> before = new ArrayList<>();
        for (Path path : files(directory)) {
            Segment old = segment(path);
            if (left.isEmpty()) {
                Files.delete(path);
            } else if (old.first() < next) {
                before.add(old);
            }
        }
        WriteAheadLog log = new WriteAheadLog(directory, segment);
        log.full.addAll(before);
        return log;
    }

    /** The events with this number and above that an earlier process left behind. */
    static List<LoggedEvent> leftBehind(Path directory, long from) throws IOException {
        List<LoggedEvent> events = new ArrayList<>();
        long next = from;
        for (Path path : files(directory)) {
            ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(path));
            for (LoggedEvent event = LogRecord.read(octets); event != null; event = LogRecord.read(octets)) {
                if (event.number() > next) {
                    LOG.error("{}: the events {} to {} are missing", path, next, event.number() - 1);
                }
                if (event.number() >= next) {
                    events.add(event);
                    next = event.number() + 1;
                }
            }
            if (octets.hasRemaining()) {
                LOG.warn("{}: the last {} octets are no whole event", path, octets.remaining());
            }
        }
        return events;
    }

    /**
     * Writes all these events, or none.
     *
     * @throws IOException when none is in the file; the next try may succeed
     */
    void append(List<LoggedEvent> events) throws IOException {
        if (length > LARGE) {
            follow(events.getFirst().number());
        }
        buffer.clear();
        for (LoggedEvent event : events) {
            buffer = LogRecord.write(event, buffer);
        }
        mend();
        torn = true;
        file.write(buffer.array(), 0, buffer.position());
        torn = false;
        length += buffer.position();
    }

    /** Finds out whether something can be written. */
    void probe() throws IOException {
        mend();
        torn = true;
        file.write(0);
        mend();
    }

    /** Whether {@link #forget} would delete something. */
    boolean canForget(long upTo) {
        return !full.isEmpty() && endOfFirst() <= upTo;
    }

    /** Deletes the files whose events are all in the database: those with this number and below are. */
    void forget(long upTo) throws IOException {
        while (canForget(upTo)) {
            Files.deleteIfExists(full.removeFirst().path());
        }
    }

    /** Deletes all files: their events are in the database. To be called when it is closed. */
    void delete() throws IOException {
        for (Path path : files(directory)) {
            Files.delete(path);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The number of the last event in the oldest full file. */
    private long endOfFirst() {
        return full.stream().skip(1).findFirst().orElse(segment).first() - 1;
    }

    private void follow(long first) throws IOException {
        Segment next = segment(directory, first);
        RandomAccessFile opened = create(next);
        file.close();
        full.addLast(segment);
        segment = next;
        file = opened;
        length = 0;
        torn = false;
    }

    /** Takes back a write that failed: half a record would hide all that follow it. */
    private void mend() throws IOException {
        if (torn) {
            file.setLength(length);
            file.seek(length);
            torn = false;
        }
    }

    private static RandomAccessFile create(Segment segment) throws IOException {
        RandomAccessFile file = new RandomAccessFile(segment.path().toFile(), "rw");
        file.setLength(0);
        return file;
    }

    /** With as many digits as a number can have, so that the order of the names is that of the numbers. */
    private static Segment segment(Path directory, long first) {
        return new Segment(directory.resolve(String.format("%s%0" + DIGITS + "d.log", PREFIX, first)), first);
    }

    private static Segment segment(Path path) {
        String name = path.getFileName().toString();
        return new Segment(path, Long.parseLong(name, PREFIX.length(), PREFIX.length() + DIGITS, 10));
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(PREFIX + "\\d{" + DIGITS + "}\\.log"))
                    .sorted()
                    .toList();
        }
    }
}
