package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.quiver.log.Corpus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Two messages of one stream, the first as long as the first two bytes say: each is found sound, or its fault is named.
 */
class ArrowMessageFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int rest = input.length - 2;
        int first = Math.min(rest, (input[0] & 0xff) << Byte.SIZE | input[1] & 0xff);
        MessageCheck check = new MessageCheck();
        assertNotNull(check.of(new ByteArrayInputStream(input, 2, first)).message());
        assertNotNull(check.of(new ByteArrayInputStream(input, 2 + first, rest - first))
                .message());
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(ArrowMessageFuzzTest.class, ArrowMessageFuzzTest::fuzzerTestOneInput);
    }
}
