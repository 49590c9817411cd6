package io.quiver.gateway.http;

import io.quiver.log.Corpus;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The body of a query: embeddings as numbers and as Base64, filters, and how much to search. */
class QueryBodyFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        Refusing.read(input, body -> QueryRequest.read(body).count());
        Refusing.read(input, body -> GetRequest.read(body));
        Refusing.read(input, body -> DeleteRequest.read(body));
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(QueryBodyFuzzTest.class, QueryBodyFuzzTest::fuzzerTestOneInput);
    }
}
