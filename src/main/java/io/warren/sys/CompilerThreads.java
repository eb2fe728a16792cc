package io.warren.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM's second compiler (C2), as the kernel's scheduler sees it. Its work pays in the long run only, so it shall take
 * the processors' spare time: while it took as much as everybody else, a fresh node with two processors set up a fifth
 * fewer calls per second.
 */
public final class CompilerThreads {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** The kernel keeps 15 characters of "C2 CompilerThread0". */
    private static final String C2 = "C2 CompilerThre";

    private static final int NICE = 10;

    private CompilerThreads() {}

    /**
     * Lets the second compiler give way to all other threads. Those that it starts later do so, too, since a thread
     * inherits its nice value. Without /proc nothing changes.
     *
     * @return the threads that give way now
     */
    public static int giveWay() {
        int count = 0;
        for (int thread : threads()) {
            count += Libc.setPriority(thread, NICE) == 0 ? 1 : 0;
        }
        return count;
    }

    private static List<Integer> threads() {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals(C2)) {
                    found.add(Integer.valueOf(task.getFileName().toString()));
                }
            }
        } catch (IOException | UncheckedIOException | java.nio.file.DirectoryIteratorException e) {
            return found; // A thread that ended meanwhile, or no /proc: nobody is slower for it.
        }
        return found;
    }
}
