package io.quiver.log.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every storage, on the disk and in memory. */
class StorageTest {
    @TempDir
    static Path directory;

    static Stream<Storage> storages() throws IOException {
        return Stream.of(DiskStorage.open(directory.resolve("new/data")), new SimulatedStorage());
    }

    @ParameterizedTest
    @MethodSource("storages")
    void readsBackWhatWasWrittenAtAPosition(Storage storage) throws IOException {
        try (StorageFile file = storage.create("read-back")) {
            file.write(bytes(1, 2, 3), 4);
            assertEquals(7, file.sizeBytes());
            assertArrayEquals(new byte[] {0, 1, 2, 3}, read(file, 3, 10));
            assertEquals(-1, file.read(ByteBuffer.allocate(1), 7));
        }
        assertEquals(7, storage.sizeBytes("read-back"));
    }

    @ParameterizedTest
    @MethodSource("storages")
    void growsWithZerosAndCuts(Storage storage) throws IOException {
        try (StorageFile file = storage.create("resized")) {
            file.write(bytes(9, 9, 9), 0);
            file.resize(2_500_000);
            assertEquals(2_500_000, file.sizeBytes());
            assertArrayEquals(new byte[2], read(file, 2_499_998, 2));
            file.resize(1);
            file.resize(3);
            assertArrayEquals(new byte[] {9, 0, 0}, read(file, 0, 3));
            file.force();
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void mapsAWholeFileAndAnEmptyOne(Storage storage) throws IOException {
        try (StorageFile file = storage.create("mapped");
                StorageFile _ = storage.create("empty")) {
            file.write(bytes(5, 6), 0);
        }
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(6, storage.map("mapped", arena).get(ValueLayout.JAVA_BYTE, 1));
            assertEquals(0, storage.map("empty", arena).byteSize());
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void renamesOverAnotherFile(Storage storage) throws IOException {
        storage.createDirectories("renames");
        try (StorageFile old = storage.create("renames/b");
                StorageFile file = storage.create("renames/a")) {
            old.write(bytes(1), 0);
            file.write(bytes(1, 2, 3), 0);
        }
        storage.rename("renames/a", "renames/b");
        storage.forceDirectory("renames");
        assertEquals(List.of("b"), storage.list("renames"));
        assertEquals(3, storage.sizeBytes("renames/b"));
    }

    @ParameterizedTest
    @MethodSource("storages")
    void aLinkedFileStaysWhenItsOtherNameGoes(Storage storage) throws IOException {
        storage.createDirectories("links/other");
        try (StorageFile file = storage.create("links/a")) {
            file.write(bytes(1, 2, 3), 0);
        }
        storage.link("links/a", "links/other/b");
        assertThrows(FileAlreadyExistsException.class, () -> storage.link("links/a", "links/other/b"));
        assertThrows(NoSuchFileException.class, () -> storage.link("links/none", "links/other/c"));
        storage.delete("links/a");
        assertFalse(storage.exists("links/a"));
        try (StorageFile file = storage.open("links/other/b")) {
            assertArrayEquals(new byte[] {1, 2, 3}, read(file, 0, 10));
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void saysWhatIsThereAndWhatIsNot(Storage storage) throws IOException {
        storage.createDirectories("names/deep");
        storage.create("names/x").close();
        assertEquals(List.of("deep", "x"), storage.list("names"));
        assertEquals(List.of(), storage.list("nowhere"));
        assertTrue(storage.exists("names/x"));
        assertThrows(FileAlreadyExistsException.class, () -> storage.create("names/x"));
        assertThrows(DirectoryNotEmptyException.class, () -> storage.delete("names"));
        storage.delete("names/x");
        storage.delete("names/x");
        assertFalse(storage.exists("names/x"));
        assertThrows(NoSuchFileException.class, () -> storage.open("names/x"));
        assertThrows(IOException.class, () -> storage.create("nowhere/x"));
    }

    @ParameterizedTest
    @MethodSource("storages")
    void refusesPathsThatLeaveTheRoot(Storage storage) {
        for (String path : List.of("../x", "a/../../x", "/etc/passwd", "a//b", ".", "", "a\\b", "a\0b", "C:x")) {
            assertThrows(IllegalArgumentException.class, () -> storage.create(path), path);
            assertThrows(IllegalArgumentException.class, () -> storage.rename("x", path), path);
        }
        assertThrows(IllegalArgumentException.class, () -> storage.list(".."));
        assertThrows(IllegalArgumentException.class, () -> storage.createDirectories("a/../.."));
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private static byte[] read(StorageFile file, long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        int count = file.read(target, position);
        byte[] bytes = new byte[count];
        target.flip().get(bytes);
        return bytes;
    }
}
