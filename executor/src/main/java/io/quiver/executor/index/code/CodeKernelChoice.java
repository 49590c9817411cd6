package io.quiver.executor.index.code;

/** The code kernels that a setting means on this machine. */
final class CodeKernelChoice {
    /** Made when it is first asked for, and the same from then on. */
    static final CodeKernels CHOSEN = choose(KernelSetting.ofProcess());

    private static final int NARROW_BITS = 256;

    private CodeKernelChoice() {}

    static CodeKernels choose(KernelSetting setting) {
        return switch (setting) {
            case BEST -> KernelSetting.hasWideVectors() ? new VectorCodeKernels() : narrow();
            case VECTOR_512 -> new VectorCodeKernels();
            case VECTOR_256 -> narrow();
            case SCALAR -> new ScalarCodeKernels();
        };
    }

    private static CodeKernels narrow() {
        return KernelSetting.hasVectors(NARROW_BITS) ? new Vector256CodeKernels() : new ScalarCodeKernels();
    }
}
