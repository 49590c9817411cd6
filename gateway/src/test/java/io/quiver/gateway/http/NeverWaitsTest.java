package io.quiver.gateway.http;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Nothing in this package can hold up an event loop. */
class NeverWaitsTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.quiver.gateway.http");

    @Test
    void callsNothingThatWaits() {
        noClasses()
                .should()
                .callMethodWhere(target(nameMatching("block|blockOptional|blockFirst|blockLast|sleep|join|await|park")))
                .check(classes);
    }

    @Test
    void onlyOneClassBringsReactorsResultsBack() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Reactive")
                .should()
                .callMethodWhere(target(nameMatching("subscribe|toFuture")))
                .because("results return to the event loop of their request in " + Reactive.class.getSimpleName()
                        + ", from whatever thread a " + Mono.class.getSimpleName() + " completes on")
                .check(classes);
    }
}
