package io.warren.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NamedThreadsTest {
    private static final int NICE_FIELD = 16;

    @Test
    void theSecondCompilerGivesWay() throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("java.vm.name").contains("Server")
                        && !compilers().isEmpty(),
                "this JVM has a second compiler");
        assertThat(NamedThreads.giveWay(NamedThreads.SECOND_COMPILER)).isPositive();
        assertThat(compilers()).allSatisfy(task -> assertThat(nice(task)).isEqualTo("10"));
    }

    @Test
    void threadsOfANameArePreferred() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("to-be-preferred-to-all").start(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            begun.await();
            int preferred = NamedThreads.prefer("to-be-preferred-to-all");
            Assumptions.assumeTrue(preferred > 0, "CAP_SYS_NICE");
            assertThat(preferred).isEqualTo(1);
            assertThat(NamedThreads.prefer("there is no such name")).isZero();
        } finally {
            end.countDown();
            thread.join();
        }
    }

    private static List<Path> compilers() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> text(task.resolve("comm")).startsWith("C2 Comp"))
                    .toList();
        }
    }

    /** Field 19 of {@code stat}; the name in brackets before it may hold spaces. */
    private static String nice(Path task) {
        String stat = text(task.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_FIELD];
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
