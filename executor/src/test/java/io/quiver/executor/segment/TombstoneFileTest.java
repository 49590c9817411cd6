package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Seeds;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TombstoneFileTest {
    private static final int TRIALS = 100;

    @Test
    void givesBackTheRowsThatHadEnded() throws IOException {
        Random random = Seeds.random("givesBackTheRowsThatHadEnded");
        for (int trial = 0; trial < TRIALS; trial++) {
            int rowCount = 1 + random.nextInt(1 << random.nextInt(17));
            Tombstones written = new Tombstones(rowCount);
            for (int i = random.nextInt(200); i > 0; i--) {
                written.end(random.nextInt(rowCount), new LogOffset(1 + random.nextInt(10)));
            }
            SimulatedStorage storage = new SimulatedStorage();
            storage.createDirectories("a");
            UUID segment = UUID.randomUUID();
            String name = TombstoneFile.write(storage, "a", segment, written, rowCount, 5);
            Tombstones read = new Tombstones(rowCount);
            TombstoneFile.read(storage.crash(), "a/" + name, segment, rowCount, read);
            for (int row = 0; row < rowCount; row++) {
                assertEquals(written.isLive(row, 5) ? 0 : 5, read.endedAt(row));
            }
        }
    }
}
