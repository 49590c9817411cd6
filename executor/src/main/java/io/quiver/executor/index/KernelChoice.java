package io.quiver.executor.index;

import java.util.Locale;

/**
 * Which kernels this process uses: by the system property {@code quiver.kernels} ({@code vector} or {@code scalar}), else
 * the vector ones where the processor has vectors of at least 256 bits or is an ARM, which always has fused
 * multiply-add; without that instruction the vector kernels would be far slower than the scalar ones.
 */
final class KernelChoice {
    static final String PROPERTY = "quiver.kernels";

    /** Made when it is first asked for, and the same from then on: bits must not change while a process runs. */
    static final Kernels CHOSEN = choose(System.getProperty(PROPERTY, "best"));

    private static final int VECTOR_BITS_MIN = 256;

    private KernelChoice() {}

    static Kernels choose(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "vector" -> new VectorKernels();
            case "scalar" -> new ScalarKernels();
            case "best" -> isVectorWorthwhile() ? new VectorKernels() : new ScalarKernels();
            default ->
                throw new IllegalArgumentException("%s must be vector or scalar, not %s".formatted(PROPERTY, name));
        };
    }

    private static boolean isVectorWorthwhile() {
        return hasVectorModule()
                && (VectorKernels.bits() >= VECTOR_BITS_MIN
                        || System.getProperty("os.arch", "").equals("aarch64"));
    }

    private static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }
}
