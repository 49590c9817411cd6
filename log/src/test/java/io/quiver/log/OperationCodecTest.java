package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OperationCodecTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void whatIsWrittenIsReadBack() {
        System.out.println("OperationCodecTest seed " + seed);
        for (int round = 0; round < 2_000; round++) {
            List<Operation> operations = SampleOperations.random(random);
            assertEquals(operations, OperationCodec.read(ByteBuffer.wrap(encoded(operations))), "seed " + seed);
        }
    }

    @Test
    void bytesThatAreNoBatchAreRefusedAndNeverAnythingElse() {
        System.out.println("OperationCodecTest seed " + seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = encoded(SampleOperations.random(random));
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            readOrRefuse(bytes);
        }
    }

    @Test
    void aBatchCutAnywhereIsRefused() {
        byte[] bytes = encoded(SampleOperations.batch(1));
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length).slice();
            assertThrows(IllegalArgumentException.class, () -> OperationCodec.read(cut));
        }
    }

    /** Any other exception fails the test. */
    private static void readOrRefuse(byte[] bytes) {
        try {
            OperationCodec.read(ByteBuffer.wrap(bytes));
        } catch (IllegalArgumentException e) {
            assertEquals(IllegalArgumentException.class, e.getClass());
        }
    }

    private static byte[] encoded(List<Operation> operations) {
        GrowingBuffer out = new GrowingBuffer(16);
        OperationCodec.write(out, operations);
        return out.toByteArray();
    }
}
