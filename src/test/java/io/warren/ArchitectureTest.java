package io.warren;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom. The tables below are the architecture: change them on purpose, or not at all. */
class ArchitectureTest {
    private static final String ROOT = "io.warren.";

    /** What each first-level package may import of ours. {@code app} composes all and may be imported by none. */
    private static final Map<String, Set<String>> IMPORTS = Map.ofEntries(
            Map.entry("wire", Set.of()),
            Map.entry("ppp", Set.of("wire")),
            Map.entry("sys", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("control", Set.of("wire", "ppp", "config")),
            Map.entry("dataplane", Set.of("wire", "sys", "config", "control.port")),
            Map.entry("radius", Set.of("wire", "ppp", "config", "control.port")),
            Map.entry("journal", Set.of("control", "wire", "ppp", "config")),
            Map.entry("client", Set.of("wire", "ppp", "control", "sys", "dataplane")),
            Map.entry("bench", Set.of("wire", "ppp", "control", "sys", "client")),
            Map.entry("management", Set.of("control", "config")),
            Map.entry("cli", Set.of("management.api", "config")));

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.warren");

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.warren");

    /** The first-level packages that exist. */
    static List<String> packages() {
        return List.copyOf(new TreeSet<>(MAIN.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()).replaceAll("\\..*", ""))
                .collect(Collectors.toSet())));
    }

    private static DescribedPredicate<JavaClass> within(String name) {
        return resideInAPackage(ROOT + name + "..");
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyWhatTheTableAllows(String name) {
        if (name.equals("app")) {
            return;
        }
        assertThat(IMPORTS).as("the import table").containsKey(name);
        DescribedPredicate<JavaClass> allowed = within(name);
        for (String other : IMPORTS.getOrDefault(name, Set.of())) {
            allowed = allowed.or(within(other));
        }
        noClasses()
                .that(within(name))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.warren..").and(not(allowed)).as("ours that the table does not allow"))
                .check(MAIN);
    }

    @Test
    void managementApiIsAContractAndImportsNothingOfOurs() {
        noClasses()
                .that(within("management.api"))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "java..", "com.fasterxml.jackson.annotation..", "org.jspecify..", ROOT + "management.api..")))
                .check(MAIN);
    }

    @Test
    void controlPortIsWhatTheWorldSeesOfControl() {
        noClasses()
                .that(within("control.port"))
                .should()
                .dependOnClassesThat(within("control").and(not(within("control.port"))))
                .check(MAIN);
    }

    @Test
    void firstLevelPackagesHaveNoCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("pureLibraries")
    void protocolCodeKnowsNoActorsAndNoSockets(String name) {
        noClasses()
                .that(within(name))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "akka..", "scala..", "java.nio.channels..", "java.util.concurrent..", "org.slf4j.."))
                .orShould()
                .dependOnClassesThat(describe("sockets", type -> type.getName().matches("java\\.net\\..*Socket")))
                .check(MAIN);
    }

    static List<String> pureLibraries() {
        return List.of("wire", "ppp", "control.reliable");
    }

    @Test
    void decidersKnowNoActors() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Decider")
                .should()
                .dependOnClassesThat(resideInAnyPackage("akka..", "scala..", "java.util.concurrent..", "org.slf4j.."))
                .check(MAIN);
    }

    @Test
    void pureCodeReadsNoClock() {
        DescribedPredicate<JavaClass> pure = within("wire")
                .or(within("ppp"))
                .or(within("control.reliable"))
                .or(describe("deciders", type -> type.getSimpleName().endsWith("Decider")));
        ArchRule rule = noClasses()
                .that(pure)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.time.Clock.class);
        rule.check(MAIN);
    }

    @Test
    void onlySysCallsTheKernelByItself() {
        noClasses()
                .that(not(within("sys")))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(MAIN);
    }

    @Test
    void theCommandKnowsNoActors() {
        noClasses()
                .that(within("cli"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("akka..", "scala.."))
                .check(MAIN);
    }

    @Test
    void nobodyUsesAkkasUdp() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("akka.io.Udp")
                .check(MAIN);
    }

    /** Surefire and failsafe choose by name: a test in a class of another name would never run. */
    @Test
    void testsAreInClassesWhoseNameIsLookedFor() {
        List<String> lost = TESTS.stream()
                .filter(type -> type.getMethods().stream()
                        .anyMatch(
                                method -> method.isMetaAnnotatedWith("org.junit.platform.commons.annotation.Testable")))
                .map(JavaClass::getName)
                .filter(name -> !name.replaceAll("\\$.*", "").matches(".*(Test|IT)"))
                .toList();
        assertThat(lost).isEmpty();
        assertThat(TESTS.contain(ArchitectureTest.class))
                .as("tests are looked at")
                .isTrue();
    }
}
