package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.function.Consumer;

/** What reads the body of a request may refuse it, in words for the caller, and do nothing else. */
final class Refusing {
    private Refusing() {}

    static void read(byte[] input, Consumer<RequestBody> reading) {
        try {
            reading.accept(Bodies.of(input));
        } catch (QuiverException refused) {
            assertNotEquals(ErrorCode.INTERNAL, refused.code());
            assertNotEquals("", refused.getMessage());
        }
    }
}
