package io.quiver.executor.index;

import io.quiver.executor.index.code.KernelSetting;

/**
 * The float kernels that a setting means on this machine: unless it says otherwise, the vector ones where the processor
 * has vectors of at least 256 bits or is an ARM, which always has fused multiply-add; without that instruction they
 * would be far slower than the scalar ones.
 */
final class KernelChoice {
    /** Made when it is first asked for, and the same from then on: bits must not change while a process runs. */
    static final Kernels CHOSEN = choose(KernelSetting.ofProcess());

    private static final int VECTOR_BITS_MIN = 256;

    private KernelChoice() {}

    static Kernels choose(KernelSetting setting) {
        return switch (setting) {
            case BEST -> isVectorWorthwhile() ? new VectorKernels() : new ScalarKernels();
            case VECTOR_512, VECTOR_256 -> new VectorKernels();
            case SCALAR -> new ScalarKernels();
        };
    }

    private static boolean isVectorWorthwhile() {
        return KernelSetting.hasVectors(VECTOR_BITS_MIN)
                || KernelSetting.hasVectors(1)
                        && System.getProperty("os.arch", "").equals("aarch64");
    }
}
