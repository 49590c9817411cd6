package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A small library in C that is loaded into a server's process before all others, and does there what the test tells it
 * in a file. Needs a C compiler, {@code cc}.
 *
 * @param control the file
 */
record PreloadedLibrary(Path library, Path control) {
    static boolean hasCompiler() {
        return List.of(String.valueOf(System.getenv("PATH")).split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve("cc")));
    }

    /** @param source name of a resource of this package */
    static PreloadedLibrary compile(String source, Path directory) throws IOException, InterruptedException {
        Path copy = directory.resolve(source);
        Path library = directory.resolve(source + ".so");
        try (InputStream in = Objects.requireNonNull(PreloadedLibrary.class.getResourceAsStream(source))) {
            Files.copy(in, copy);
        }
        Process compiler = new ProcessBuilder(
                        "cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), copy.toString(), "-ldl")
                .inheritIO()
                .start();
        assertEquals(0, compiler.waitFor(), "cc");
        PreloadedLibrary preloaded = new PreloadedLibrary(library, directory.resolve(source + ".control"));
        preloaded.tell(0, 0);
        return preloaded;
    }

    /** What the library makes of it stands in its source. */
    void tell(long... numbers) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(control.toFile(), "rw")) {
            for (int i = numbers.length - 1; i >= 0; i--) {
                file.seek((long) i * Long.BYTES);
                file.writeLong(Long.reverseBytes(numbers[i]));
            }
        }
    }

    /** What a number that was told is now: the library may count it down. */
    long told(int place) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(control.toFile(), "r")) {
            file.seek((long) place * Long.BYTES);
            return Long.reverseBytes(file.readLong());
        }
    }

    /** For the process. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "PRELOADED_CONTROL", control.toString());
    }
}
