package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The payload of one entry: it is refused, or read to something that is read back the same. */
class OperationsFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        List<Operation> operations;
        try {
            operations = OperationCodec.read(ByteBuffer.wrap(input));
        } catch (IllegalArgumentException refused) {
            assertEquals(IllegalArgumentException.class, refused.getClass());
            return;
        }
        GrowingBuffer out = new GrowingBuffer(16);
        OperationCodec.write(out, operations);
        assertEquals(operations, OperationCodec.read(ByteBuffer.wrap(out.toByteArray())));
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(OperationsFuzzTest.class, OperationsFuzzTest::fuzzerTestOneInput);
    }
}
