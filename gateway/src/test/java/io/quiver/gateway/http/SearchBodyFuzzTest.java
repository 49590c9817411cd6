package io.quiver.gateway.http;

import io.quiver.log.Corpus;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The body of a search by rank expressions. */
class SearchBodyFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        Refusing.read(input, body -> SearchRequest.read(body));
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(SearchBodyFuzzTest.class, SearchBodyFuzzTest::fuzzerTestOneInput);
    }
}
