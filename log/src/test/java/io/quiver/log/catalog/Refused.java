package io.quiver.log.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import org.junit.jupiter.api.function.Executable;
import reactor.core.publisher.Mono;

/** Says what is refused, and in which words. */
final class Refused {
    private Refused() {}

    static void refused(ErrorCode code, String message, Executable action) {
        QuiverException refusal = assertThrows(QuiverException.class, action);
        assertEquals(message, refusal.getMessage());
        assertEquals(code, refusal.code());
    }

    static void refused(ErrorCode code, String message, Mono<?> action) {
        refused(code, message, () -> action.block());
    }
}
