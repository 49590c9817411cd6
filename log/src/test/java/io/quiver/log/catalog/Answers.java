package io.quiver.log.catalog;

import java.util.Objects;
import reactor.core.publisher.Mono;

/** Waits for what the catalog answers. */
final class Answers {
    private Answers() {}

    static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block());
    }

    static void done(Mono<Void> answer) {
        answer.block();
    }
}
