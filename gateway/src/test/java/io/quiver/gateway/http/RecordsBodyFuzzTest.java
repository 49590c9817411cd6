package io.quiver.gateway.http;

import io.quiver.log.Corpus;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The columns of a write: embeddings as numbers and as Base64, texts and metadata. */
class RecordsBodyFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        for (RecordsRequest.Kind kind : RecordsRequest.Kind.values()) {
            Refusing.read(input, body -> RecordsRequest.read(body, kind));
        }
        Refusing.read(input, CommitRequest::read);
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(RecordsBodyFuzzTest.class, RecordsBodyFuzzTest::fuzzerTestOneInput);
    }
}
