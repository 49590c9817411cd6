package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    @TempDir
    Path directory;

    @Test
    void pausesFoldingAndLosesNothing() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        try (CompactorFixture system = CompactorFixture.open(storage, directory, ExecutorFixture.smallDeltas(1_000))) {
            CollectionId arrows = system.quiver.create("arrows");
            for (int i = 0; i < 20; i++) {
                system.quiver.write(arrows, ExecutorFixture.add("r" + i, i));
            }
            storage.fail(
                    Fault.FULL, call -> call.kind() == Kind.WRITE && call.path().startsWith("segments"));
            assertThrows(Exception.class, () -> system.compact(arrows));
            assertEquals(1, system.compactor.stats().failures());
            assertFalse(system.compactor.stats().pause().isZero());
            assertEquals(20, system.quiver.count(arrows));
            storage.heal();
            system.compact(arrows);
            assertTrue(system.compactor.stats().folds() > 0);
            assertEquals(20, system.quiver.count(arrows));
        }
    }
}
