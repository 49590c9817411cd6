package io.quiver.log.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The simulation is worth what it forgets. */
class SimulatedStorageTest {
    private final SimulatedStorage storage = new SimulatedStorage();

    @Test
    void aCrashKeepsOnlyForcedBytesAndForcedNames() throws IOException {
        try (StorageFile file = storage.create("a")) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 0);
            file.force();
            assertFalse(storage.crash().exists("a"));
            storage.forceDirectory("");
            file.write(ByteBuffer.wrap(new byte[] {2}), 0);
        }
        storage.rename("a", "b");
        assertArrayEquals(new byte[] {1}, storage.crash().bytes("a"));
        assertArrayEquals(new byte[] {2}, storage.bytes("b"));
    }

    @Test
    void aCrashWithASeedTearsWhatWasNotForced() throws IOException {
        try (StorageFile file = storage.create("a")) {
            file.write(ByteBuffer.allocate(8192), 0);
            file.force();
            storage.forceDirectory("");
            byte[] ones = new byte[8192];
            Arrays.fill(ones, (byte) 1);
            file.write(ByteBuffer.wrap(ones), 0);
        }
        Set<Integer> survivors = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            int sum = 0;
            for (byte value : storage.crash(seed).bytes("a")) {
                sum += value;
            }
            survivors.add(sum);
        }
        assertTrue(survivors.size() > 20, "50 crashes left only %d outcomes".formatted(survivors.size()));
    }

    @Test
    void aFailedForceLosesItsBytesForGood() throws IOException {
        StorageFile file = storage.create("a");
        storage.forceDirectory("");
        file.write(ByteBuffer.wrap(new byte[] {1}), 0);
        storage.fail(Fault.INPUT_OUTPUT, call -> call.kind() == Kind.FORCE);
        assertThrows(IOException.class, file::force);
        storage.heal();
        file.force();
        assertArrayEquals(new byte[] {1}, storage.bytes("a"));
        assertArrayEquals(new byte[] {0}, storage.crash().bytes("a"));
    }

    @Test
    void aFullDiskIsRecognisable() throws IOException {
        StorageFile file = storage.create("a");
        storage.fail(
                Fault.FULL, call -> call.kind() == Kind.WRITE && call.path().equals("a"));
        assertThrows(StorageFullException.class, () -> file.write(ByteBuffer.allocate(1), 0));
        assertEquals(1, storage.callCount(call -> call.kind() == Kind.WRITE));
    }

    @Test
    void nothingHasAnEffectOnceThePowerIsOff() throws IOException {
        StorageFile file = storage.create("a");
        file.force();
        storage.powerOffAt(storage.callCount() + 1);
        assertThrows(IOException.class, () -> storage.forceDirectory(""));
        assertThrows(IOException.class, () -> storage.create("b"));
        assertThrows(IOException.class, () -> file.write(ByteBuffer.allocate(1), 0));
        SimulatedStorage survivor = storage.crash();
        assertEquals(List.of(), survivor.list(""));
    }
}
