package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No kernel makes objects once it is compiled: a vector that the compiler could not keep in registers would be one.
 * Each kind is called in a process of its own, as a server has one kind alone: what the compiler learns of one spoils
 * what it makes of the other.
 */
class KernelAllocationTest {
    static List<String> kinds() {
        return CodeKernelsFixture.vectorKernels().stream()
                .map(CodeKernels::name)
                .toList();
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("kinds")
    void makesNoObjects(String kind) throws IOException, InterruptedException {
        Path compilations = directory.resolve("compilations");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of(System.getProperty("quiver.root"), "deploy", "jvm.options"),
                        "-Xlog:jit+compilation=debug:file=" + compilations,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KernelAllocations.class.getName(),
                        kind)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String makers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), kind);
        assertEquals("", makers, () -> kind + " still makes objects in: " + makers + ofKernels(compilations));
    }

    /** What the compiler did, for whoever has to find out why. */
    private static String ofKernels(Path compilations) {
        try (Stream<String> lines = Files.lines(compilations)) {
            return lines.filter(line -> line.contains("index.code.") || line.contains("SKIPPED"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException unknown) {
            return unknown.toString();
        }
    }
}
