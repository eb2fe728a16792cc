package io.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/warren} with Javas that only print how they were called. */
class LauncherTest {
    private static final Path SCRIPT = Path.of("src/main/bin/warren");

    @TempDir
    Path directory;

    private Path installed;
    private Path launcher;

    private record Outcome(int status, String output) {}

    @BeforeEach
    void unpack() throws IOException {
        directory = directory.toRealPath();
        installed = directory.resolve("opt with space/warren");
        launcher = installed.resolve("bin/warren");
        Files.createDirectories(installed.resolve("bin"));
        Files.createDirectories(installed.resolve("conf"));
        Files.copy(SCRIPT, launcher);
        Files.writeString(installed.resolve("conf/logback.xml"), "<configuration/>");
        Files.createDirectories(directory.resolve("jvm"));
    }

    /** A Java that says its own name and its arguments. */
    private Path java(String name, int version, boolean withRelease) throws IOException {
        Path home = directory.resolve(name);
        Path program = home.resolve("bin/java");
        Files.createDirectories(program.getParent());
        Files.writeString(program, """
                #!/bin/sh
                if [ "$1" = -version ]; then
                    echo 'openjdk version "%d.0.1" 2026-01-20' >&2
                    exit
                fi
                echo "%s"
                printf '%%s\\n' "$@"
                """.formatted(version, name));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        if (withRelease) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
        }
        return home;
    }

    private Outcome run(Path script, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools().toString());
        builder.environment().put("WARREN_JVM_DIR", directory.resolve("jvm").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    /** A PATH with what the script needs, and no Java. */
    private Path tools() throws IOException {
        Path tools = directory.resolve("tools");
        Files.createDirectories(tools);
        for (String tool : List.of("sed", "head", "dirname", "readlink")) {
            Path wrapper = tools.resolve(tool);
            Files.writeString(wrapper, "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
            assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        }
        return tools;
    }

    @Test
    void startsANodeWithTheFlagsItNeeds() throws Exception {
        Path home = java("mine", 25, true);
        Outcome outcome = run(
                launcher,
                Map.of("JAVA_HOME", home.toString(), "WARREN_JAVA_OPTS", "-Xmx4g -Da=b"),
                "node",
                "--config",
                "my file.conf");
        assertThat(outcome.output().lines())
                .containsExactly(
                        "mine",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+UseG1GC",
                        "-XX:MaxGCPauseMillis=20",
                        "-Djdk.nio.maxCachedBufferSize=262144",
                        "-Dwarren.home=" + installed,
                        "-Xmx4g",
                        "-Da=b",
                        "-Dlogback.configurationFile=" + installed + "/conf/logback.xml",
                        "-cp",
                        installed + "/lib/*",
                        "io.warren.app.Main",
                        "node",
                        "--config",
                        "my file.conf");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void startsShortCommandsQuickly() throws Exception {
        Path home = java("mine", 26, true);
        for (String command : List.of("show", "version", "hangup", "dial")) {
            assertThat(run(launcher, Map.of("JAVA_HOME", home.toString()), command)
                            .output())
                    .contains("-XX:TieredStopAtLevel=1\n-Xshare:auto\n-XX:+UseSerialGC\n")
                    .doesNotContain("G1GC");
        }
    }

    @Test
    void findsItsOwnDirectoryThroughSymbolicLinks() throws Exception {
        Path home = java("mine", 25, true);
        Path absolute = Files.createSymbolicLink(directory.resolve("absolute"), launcher);
        Path links = Files.createDirectories(directory.resolve("links"));
        Path relative = Files.createSymbolicLink(links.resolve("relative"), Path.of("../absolute"));
        assertThat(absolute).isSymbolicLink();
        assertThat(run(relative, Map.of("JAVA_HOME", home.toString()), "version")
                        .output())
                .contains(installed + "/lib/*");
    }

    @Test
    void passesOverAnOldJavaHome() throws Exception {
        Path old = java("old", 17, true);
        java("jvm/a-17", 17, true);
        java("jvm/b-25", 25, true);
        assertThat(run(launcher, Map.of("JAVA_HOME", old.toString()), "version").output())
                .startsWith("jvm/b-25\n");
    }

    @Test
    void asksAJavaWithoutReleaseFileForItsVersion() throws Exception {
        java("jvm/a", 21, false);
        java("jvm/b", 25, false);
        assertThat(run(launcher, Map.of(), "version").output()).startsWith("jvm/b\n");
    }

    @Test
    void takesTheJavaOnThePathAtLast() throws Exception {
        Path home = java("elsewhere", 25, true);
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));
        assertThat(run(launcher, Map.of("PATH", tools() + ":" + bin), "version").output())
                .startsWith("elsewhere\n");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Outcome none = run(launcher, Map.of(), "version");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.output())
                .isEqualTo("warren: needs Java 25 or newer and found none. Install one, or set JAVA_HOME to it.\n");
        Path old = java("jvm/a-17", 17, true);
        Outcome tooOld = run(launcher, Map.of(), "version");
        assertThat(tooOld.status()).isEqualTo(1);
        assertThat(tooOld.output())
                .isEqualTo("warren: needs Java 25 or newer; found only: " + old + " (17)."
                        + " Set JAVA_HOME to a newer one.\n");
    }
}
