package io.warren.sys;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Threads of this process, known by their names, as the kernel's scheduler sees them. Without /proc nothing changes. */
public final class NamedThreads {
    /**
     * The JVM's second compiler (C2). Its work pays in the long run only, so it shall take the processors' spare time:
     * while it took as much as everybody else, a fresh node with two processors set up a fifth fewer calls per second.
     */
    public static final String SECOND_COMPILER = "C2 CompilerThread";

    private static final Path TASKS = Path.of("/proc/self/task");

    /** What the kernel keeps of a name. */
    private static final int NAME_LENGTH = 15;

    private static final int LATER = 10;
    private static final int SOONER = -10;

    private NamedThreads() {}

    /**
     * Lets threads give way to all others, and with them those that they start later: a thread inherits its nice value.
     *
     * @param name how their names begin; of more than 15 characters the first 15 count
     * @return how many there are
     */
    public static int giveWay(String name) {
        return setNice(name, LATER);
    }

    /**
     * Asks the scheduler to prefer threads to all others. Without CAP_SYS_NICE nothing changes.
     *
     * @param name as in {@link #giveWay}
     * @return how many are preferred now
     */
    public static int prefer(String name) {
        return setNice(name, SOONER);
    }

    private static int setNice(String name, int nice) {
        int count = 0;
        for (int thread : threads(name.substring(0, Math.min(NAME_LENGTH, name.length())))) {
            count += Libc.setPriority(thread, nice) == 0 ? 1 : 0;
        }
        return count;
    }

    private static List<Integer> threads(String name) {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (name(task).startsWith(name)) {
                    found.add(Integer.valueOf(task.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return found;
        }
        return found;
    }

    /** Empty for a thread that has ended meanwhile. */
    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return "";
        }
    }
}
