package io.quiver.log.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskStorageTest {
    @TempDir
    Path directory;

    @Test
    void createsTheDataDirectoryForItsUserAlone() throws IOException {
        Path data = DiskStorage.open(directory.resolve("quiver-data")).root();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
    }

    @Test
    void writesAndReadsMoreThanOneChunk() throws IOException {
        DiskStorage storage = DiskStorage.open(directory);
        byte[] bytes = new byte[(5 << 20) + 7];
        bytes[bytes.length - 1] = 42;
        try (StorageFile file = storage.create("large")) {
            file.write(ByteBuffer.wrap(bytes), 3);
            assertEquals(bytes.length + 3, file.sizeBytes());
            ByteBuffer last = ByteBuffer.allocate(2);
            assertEquals(1, file.read(last, bytes.length + 2));
            assertEquals(42, last.get(0));
        }
    }

    @Test
    void scratchIsZeroedAndHasNoName() throws IOException {
        DiskStorage storage = DiskStorage.open(directory);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment scratch = storage.scratch((1 << 20) + 5, arena);
            assertEquals(-1, scratch.mismatch(arena.allocate((1 << 20) + 5)));
            scratch.set(ValueLayout.JAVA_BYTE, 1 << 20, (byte) 42);
            assertEquals(42, scratch.get(ValueLayout.JAVA_BYTE, 1 << 20));
            assertEquals(List.of(), storage.list(""));
        }
    }

    @Test
    void recognisesAFullDiskByItsMessage() {
        var full = new IOException("No space left on device");
        var broken = new IOException("Input/output error");
        assertInstanceOf(StorageFullException.class, DiskStorage.recognised(full, directory));
        assertSame(broken, DiskStorage.recognised(broken, directory));
    }

    @Test
    void oneServerHasADirectory() throws IOException {
        try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
            var refusal = assertThrows(DirectoryInUseException.class, () -> DirectoryLock.acquire(directory));
            assertEquals(
                    "the data directory %s is in use by process %d"
                            .formatted(directory, ProcessHandle.current().pid()),
                    refusal.getMessage());
        }
        DirectoryLock again = DirectoryLock.acquire(directory);
        again.close();
        assertTrue(Files.exists(directory.resolve("lock")));
    }
}
