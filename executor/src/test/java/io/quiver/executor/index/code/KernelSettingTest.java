package io.quiver.executor.index.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class KernelSettingTest {
    @Test
    void isReadWhateverItsCase() {
        assertEquals(KernelSetting.BEST, KernelSetting.of("best"));
        assertEquals(KernelSetting.SCALAR, KernelSetting.of("Scalar"));
    }

    @Test
    void refusesWhatIsNotKnown() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> KernelSetting.of("gpu"));
        assertEquals(
                "quiver.kernels must be best, vector-512, vector-256, vector or scalar, not gpu", refusal.getMessage());
    }

    @Test
    void takesVectorForTheWidestThatAreFast() {
        assumeTrue(KernelSetting.hasVectors(256));
        assertEquals(
                KernelSetting.hasWideVectors() ? KernelSetting.VECTOR_512 : KernelSetting.VECTOR_256,
                KernelSetting.of("vector"));
    }

    @Test
    void choosesKernels() {
        assertInstanceOf(ScalarCodeKernels.class, CodeKernelChoice.choose(KernelSetting.SCALAR));
        assertEquals(
                CodeKernels.best().name(),
                CodeKernelChoice.choose(KernelSetting.ofProcess()).name());
        assumeTrue(KernelSetting.hasVectors(256));
        assertInstanceOf(Vector256CodeKernels.class, CodeKernelChoice.choose(KernelSetting.VECTOR_256));
    }

    @Test
    void refusesVectorsThatTheProcessorLacks() {
        assumeTrue(!KernelSetting.hasWideVectors());
        var refusal = assertThrows(IllegalArgumentException.class, () -> KernelSetting.of("vector-512"));
        assertEquals(
                "quiver.kernels is vector-512, but this processor or virtual machine has no such vectors",
                refusal.getMessage());
    }
}
