package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A log written by the first release. It must open for ever; a new format version gets a file of its own beside it. */
class GoldenLogTest {
    private static final List<String> NAMES = List.of("0000000000000001.log", "0000000000000002.log");

    /** The log holds this many batches of random operations, drawn one after the other with the seed 1. */
    private static final int BATCH_COUNT = 60;

    @Test
    void aLogOfVersion1OpensAnswersAndGoesOn() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        storage.createDirectories(LogFixture.DIRECTORY);
        for (String name : NAMES) {
            storage.overwrite(LogFixture.DIRECTORY + "/" + name, golden(name));
        }
        try (LocalLog log = LogFixture.open(storage)) {
            assertNull(log.recovery().cut());
            assertEquals(new LogOffset(BATCH_COUNT), log.head());
            assertEquals(
                    batches(),
                    LogFixture.all(log).stream().map(LogEntry::operations).toList());
            assertEquals(1_795_179_675_964L, LogFixture.all(log).getFirst().timeMs());
            assertEquals(new LogOffset(BATCH_COUNT), log.head(LogFixture.COLLECTION));
            assertEquals(new LogOffset(BATCH_COUNT + 1), LogFixture.append(log, SampleOperations.batch(1)));
        }
    }

    private static List<List<Operation>> batches() {
        Random random = new Random(1);
        return IntStream.range(0, BATCH_COUNT)
                .mapToObj(_ -> SampleOperations.random(random))
                .toList();
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = GoldenLogTest.class.getResourceAsStream("/golden/log-v1/" + name)) {
            assertNotNull(in);
            return in.readAllBytes();
        }
    }
}
