package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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

    @ParameterizedTest
    @MethodSource("kinds")
    void makesNoObjects(String kind) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of(System.getProperty("quiver.root"), "deploy", "jvm.options"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KernelAllocations.class.getName(),
                        kind)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String makers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), kind);
        assertEquals("", makers, () -> kind + " still makes objects in: " + makers);
    }
}
