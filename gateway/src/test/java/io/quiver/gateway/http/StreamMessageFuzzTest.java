package io.quiver.gateway.http;

import io.quiver.log.Corpus;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A message that comes over a WebSocket. */
class StreamMessageFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        Refusing.read(input, body -> {
            StreamMessage message = new StreamMessage(input, RequestLimits.DEFAULT).read();
            message.trace();
            message.deadline();
            message.form();
        });
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(StreamMessageFuzzTest.class, StreamMessageFuzzTest::fuzzerTestOneInput);
    }
}
