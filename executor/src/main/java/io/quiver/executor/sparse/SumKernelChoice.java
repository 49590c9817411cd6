package io.quiver.executor.sparse;

import io.quiver.executor.index.code.KernelSetting;

/** The sum kernels that a setting means on this machine. */
final class SumKernelChoice {
    /** Made when it is first asked for, and the same from then on. */
    static final SumKernels CHOSEN = choose(KernelSetting.ofProcess());

    private static final int VECTOR_BITS_MIN = 256;

    private SumKernelChoice() {}

    static SumKernels choose(KernelSetting setting) {
        return switch (setting) {
            case BEST, VECTOR_512, VECTOR_256 ->
                KernelSetting.hasVectors(VECTOR_BITS_MIN) ? new VectorSumKernels() : new ScalarSumKernels();
            case SCALAR -> new ScalarSumKernels();
        };
    }
}
