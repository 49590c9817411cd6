package io.quiver.executor.index;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Files that earlier servers wrote, which must open for ever, from {@code src/test/resources}. */
public final class GoldenFile {
    private static final int ALIGNMENT = 64;

    private GoldenFile() {}

    public static byte[] bytes(String resource) {
        try (InputStream file = GoldenFile.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(file, resource).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** The file in memory of the arena, where a mapped one would begin. */
    public static MemorySegment image(String resource, Arena arena) {
        byte[] bytes = bytes(resource);
        return arena.allocate(bytes.length, ALIGNMENT).copyFrom(MemorySegment.ofArray(bytes));
    }
}
