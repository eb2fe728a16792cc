package io.warren;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sizes, names and places of the sources. */
class SourceLayoutTest {
    private static final int FILE_LINES = 500;
    private static final int METHOD_LINES = 60;
    private static final Path MAIN = Path.of("src/main/java");

    private static final List<Path> SOURCES =
            List.of(MAIN, Path.of("src/test/java"), Path.of("src/jmh/java"), Path.of("integration-tests/java"));

    /** Everything that may lie at the top of the repository, apart from what the build makes. */
    private static final Set<String> TOP = Set.of(
            ".ci",
            ".editorconfig",
            ".git",
            ".gitattributes",
            ".gitignore",
            ".mvn",
            "LICENSE",
            "README.md",
            "conf",
            "deploy",
            "integration-tests",
            "pom.xml",
            "src");

    /** Made by the build or by an editor; {@code .gitignore} keeps them out of the repository. */
    private static final Set<String> IGNORED =
            Set.of("target", ".idea", ".vscode", ".project", ".classpath", ".settings", ".factorypath");

    private static List<Path> javaFiles(Collection<Path> roots) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> found = Files.walk(root)) {
                    found.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        return files;
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Test
    void theTopOfTheRepositoryHoldsOnlyWhatBelongsThere() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(""))) {
            assertThat(entries.map(SourceLayoutTest::nameOf)
                            .filter(name -> !IGNORED.contains(name) && !name.endsWith(".iml")))
                    .isSubsetOf(TOP);
        }
    }

    @Test
    void noFileIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : javaFiles(SOURCES)) {
            int lines = Files.readAllLines(file).size();
            if (lines > FILE_LINES) {
                tooLong.add(file + " has " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void noMethodIsTooLong() throws IOException {
        assertThat(declared().stream().filter(it -> !it.isType() && it.lines() > METHOD_LINES))
                .isEmpty();
    }

    @Test
    void noNameSaysNothing() throws IOException {
        assertThat(declared().stream()
                        .filter(it -> it.isType() && it.name().matches(".*(Utils?|Helpers?|Manager|Impl|Misc|Common)")))
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        Set<Path> packages = new TreeSet<>();
        for (Path file : javaFiles(List.of(MAIN))) {
            packages.add(file.resolveSibling("package-info.java"));
        }
        for (Path info : packages) {
            assertThat(info).exists();
            String text = Files.readString(info);
            assertThat(text).as("%s", info).startsWith("/**").contains("@NullMarked");
            String words = text.substring(0, text.indexOf("*/")).replaceAll("[/*\\s]+", " ");
            assertThat(words).as("what %s says", info).hasSizeGreaterThan(50);
        }
    }

    /** A type or a method, in which file, and how long it is. */
    private record Declared(String file, String name, boolean isType, long lines) {}

    private static List<Declared> declared() throws IOException {
        List<Declared> declared = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(javaFiles(SOURCES)));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Walk(unit, positions, declared).scan(unit, null);
            }
        }
        assertThat(declared).isNotEmpty();
        return declared;
    }

    private static final class Walk extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Declared> declared;

        Walk(CompilationUnitTree unit, SourcePositions positions, List<Declared> declared) {
            this.unit = unit;
            this.positions = positions;
            this.declared = declared;
        }

        private void add(Tree tree, CharSequence name, boolean isType) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
            long last = lines.getLineNumber(positions.getEndPosition(unit, tree));
            String file = nameOf(Path.of(unit.getSourceFile().getName()));
            declared.add(new Declared(file, name.toString(), isType, last - first + 1));
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            add(tree, tree.getSimpleName(), true);
            return super.visitClass(tree, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
            if (tree.getBody() != null && positions.getEndPosition(unit, tree) >= 0) {
                add(tree, tree.getName(), false);
            }
            return super.visitMethod(tree, null);
        }
    }
}
