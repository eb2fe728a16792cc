package io.warren.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the host that are run and waited for. Every wait is bounded. */
final class Program {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a program said, error output included, and how it ended. */
    record Result(int status, String output) {}

    private Program() {}

    /** Output of a program that must succeed. */
    static String run(String... command) {
        return run(List.of(command));
    }

    static String run(List<String> command) {
        Result result = attempt(PATIENCE, command);
        if (result.status() != 0) {
            throw new BenchFailed(
                    String.join(" ", command) + " ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    /** A program that outlives its patience is killed, with status 124; one that is not there has 127. */
    static Result attempt(Duration patience, List<String> command) {
        try {
            Path output = Files.createTempFile("warren-bench", ".out");
            try {
                return attempt(patience, command, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }

    private static Result attempt(Duration patience, List<String> command, Path output)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        return new Result(ended ? process.exitValue() : 124, Files.readString(output, StandardCharsets.ISO_8859_1));
    }

    /** Asks a process to end, and after {@code patience} ends it. */
    static void stop(Process process, Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }
}
