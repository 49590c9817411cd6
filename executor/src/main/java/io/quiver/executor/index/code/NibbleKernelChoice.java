package io.quiver.executor.index.code;

/** The nibble kernels that a setting means on this machine. */
final class NibbleKernelChoice {
    static final NibbleKernels CHOSEN = choose(KernelSetting.ofProcess());

    private static final int VECTOR_BITS_MIN = 256;

    private NibbleKernelChoice() {}

    static NibbleKernels choose(KernelSetting setting) {
        return switch (setting) {
            case BEST, VECTOR_512, VECTOR_256 ->
                KernelSetting.hasVectors(VECTOR_BITS_MIN) ? new VectorNibbleKernels() : new ScalarNibbleKernels();
            case SCALAR -> new ScalarNibbleKernels();
        };
    }
}
