package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Short forms of {@code warren bench}: that it measures, judges and clears up. Its figures mean nothing here. */
class BenchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @BeforeAll
    static void means() {
        Means.require(Means.ROOT, Means.NAMESPACES, Means.TUN, Means.BENCH, Means.WARREN);
    }

    @Test
    void everyPacketOfAMixedLoadIsRight() {
        Shell.Result result = bench("mixed", "--calls", "100", "--seconds", "3", "--rate", "2000");
        assertThat(result.output())
                .containsPattern("up +[1-9][\\d,]* sent, .* 0 duplicated, 0 misdelivered, 0 corrupt, 0 re-ordered")
                .containsPattern("down +[1-9][\\d,]* sent, .* 0 duplicated, 0 misdelivered, 0 corrupt, 0 re-ordered")
                .contains("failed or were lost: 0 of 100");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(namespaces()).isEmpty();
    }

    @Test
    void measuresWarrenAndWhatElseIsInstalled() {
        String all = Means.L2TPNS.isPresent() ? "warren,l2tpns" : "warren";
        Shell.Result result = bench(
                "--lns",
                all,
                "--runs",
                "1",
                "--only",
                "setup1k,up64",
                "--calls",
                "50",
                "--warm-calls",
                "0",
                "--warm",
                "0",
                "--trial",
                "0.2");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .containsPattern("\\| up, 64-byte UDP payload: packets per CPU-second of the LNS \\| [1-9]")
                .containsPattern("\\| calls set up per second \\| (\\S+ )?[1-9]")
                .containsPattern("of all runs \\| 0, 0, 0, 0");
        if (Means.L2TPNS.isPresent()) {
            assertThat(result.output()).contains("| Warren | l2tpns | ratio |");
        }
        assertThat(namespaces()).isEmpty();
    }

    private static Shell.Result bench(String... arguments) {
        return Shell.attempt(PATIENCE, Shell.join(List.of(WarrenNode.PROGRAM.toString(), "bench"), arguments));
    }

    /** Those of a benchmark whose process is gone. */
    private static List<String> namespaces() {
        Path all = Path.of("/run/netns");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(all)) {
            return found.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches("wb\\d+-(lac|lns|core)"))
                    .filter(name -> !Files.exists(Path.of("/proc", name.replaceAll("wb(\\d+)-.*", "$1"))))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
