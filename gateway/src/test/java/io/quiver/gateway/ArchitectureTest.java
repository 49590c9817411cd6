package io.quiver.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.Version;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The walls inside and between the rooms, where Maven's arrows do not reach. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private final JavaClasses quiver = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.quiver");

    @ParameterizedTest
    @CsvSource({
        "log, executor|compactor|flight|gateway",
        "executor, compactor|flight|gateway",
        "compactor, flight|gateway",
        "flight, compactor|gateway",
    })
    void pointsArrowsOneWay(String module, String above) {
        noClasses()
                .that()
                .resideInAPackage("io.quiver." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("io.quiver.%s..", above))
                .check(quiver);
    }

    @Test
    void showsTheCompactorToTheLauncherAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.quiver.gateway..")
                .and()
                .resideOutsideOfPackage("io.quiver.gateway.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.quiver.compactor..")
                .check(quiver);
    }

    @Test
    void hasNoCyclesBetweenPackages() {
        slices().matching("io.quiver.(**)").should().beFreeOfCycles().check(quiver);
    }

    /** Library packages, and where alone they may be used. */
    @ParameterizedTest
    @CsvSource({
        "io.vertx.., gateway..",
        "com.github.benmanes.caffeine.., gateway.admission|gateway.cache|gateway.auth",
        "org.jose4j.., gateway.auth",
        "io.micrometer.., gateway..",
        "picocli.., gateway.server",
        "ch.qos.logback..|net.logstash.., gateway.server.logging",
        "com.fasterxml.jackson.dataformat..|org.yaml.., gateway.server.configuration",
        "org.apache.arrow..|io.grpc.., flight..",
        "org.apache.lucene.., executor.filter|executor.text",
        "com.google.re2j.., executor.regex",
        "java.sql..|javax.sql..|org.flywaydb..|org.sqlite.., log.catalog",
    })
    void givesEachLibraryOneHome(String library, String home) {
        noClasses()
                .that(resideInAPackage("io.quiver..").and(not(resideInAnyPackage(packages("io.quiver.%s", home)))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("%s", library))
                .check(quiver);
    }

    @Test
    void buildsTheIndexOfTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.quiver.executor.index..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "jdk..", "com.sun.management..", "org.jspecify..", "io.quiver.executor.index..")
                .check(quiver);
    }

    @ParameterizedTest
    @ValueSource(strings = {"util", "utils", "common", "helper", "helpers", "manager"})
    void namesNothingForWhatEverythingIs(String word) {
        String capital = Character.toUpperCase(word.charAt(0)) + word.substring(1);
        noClasses().should().resideInAPackage("io.quiver.." + word + "..").check(quiver);
        noClasses().should().haveSimpleNameEndingWith(capital).check(quiver);
    }

    @Test
    void printsOnlyFromTheCommandLine() {
        noClasses()
                .that(not(resideInAPackage("io.quiver.gateway.server").and(simpleNameEndingWith("Command"))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(quiver);
    }

    @Test
    void startsNoProcessesReadsNoJavaObjectsAndLooksNothingUp() {
        noClasses()
                .should()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ObjectOutputStream.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("javax.naming..")
                .check(quiver);
    }

    /** An event loop never waits, and what runs on it is in these packages. */
    @Test
    void neverWaitsOnAnEventLoop() {
        var waits = noClasses()
                .that()
                .resideInAnyPackage(
                        "io.quiver.gateway.http..", "io.quiver.gateway.admission..", "io.quiver.gateway.cache..");
        waits.should().callMethod(Mono.class, "block").check(quiver);
        waits.should().callMethod(Mono.class, "block", java.time.Duration.class).check(quiver);
        waits.should().callMethod(Flux.class, "blockFirst").check(quiver);
        waits.should().callMethod(Flux.class, "blockLast").check(quiver);
        waits.should().callMethod(Thread.class, "sleep", long.class).check(quiver);
        waits.should().callMethod(io.vertx.core.Future.class, "await").check(quiver);
    }

    /**
     * Clocks may be set: the order of entries is that of their offsets, and what waits looks at
     * {@link System#nanoTime}.
     */
    @Test
    void looksAtTheTimeOfDayOnlyToShowOrToDate() {
        var untimed = noClasses()
                .that()
                .resideInAnyPackage(
                        "io.quiver.log..",
                        "io.quiver.executor..",
                        "io.quiver.flight..",
                        "io.quiver.compactor",
                        "io.quiver.gateway.http..",
                        "io.quiver.gateway.admission..",
                        "io.quiver.gateway.cache..")
                .and()
                .doNotHaveFullyQualifiedName("io.quiver.gateway.http.ServerEndpoints");
        untimed.should().callMethod(System.class, "currentTimeMillis").check(quiver);
        untimed.should().callMethod(java.time.Instant.class, "now").check(quiver);
        untimed.should().callMethod(java.time.Clock.class, "systemUTC").check(quiver);
        untimed.should().callMethod(java.time.InstantSource.class, "system").check(quiver);
    }

    /** Fixed since 4.2.15: header-list resets, smuggling by control bytes, 16 MiB for each TLS greeting. */
    @Test
    void runsOnOneVersionOfNettyWithoutTheKnownHoles() {
        Map<String, Version> versions = Version.identify();
        assertTrue(versions.size() > 5, versions.toString());
        for (Version version : versions.values()) {
            int[] numbers = Arrays.stream(version.artifactVersion().split("\\."))
                    .limit(3)
                    .mapToInt(Integer::parseInt)
                    .toArray();
            boolean isTcnative = version.artifactId().contains("tcnative");
            assertTrue(isTcnative || Arrays.compare(numbers, new int[] {4, 2, 15}) >= 0, version.toString());
        }
    }

    private static String[] packages(String form, String names) {
        return Arrays.stream(names.split("\\|")).map(form::formatted).toArray(String[]::new);
    }
}
