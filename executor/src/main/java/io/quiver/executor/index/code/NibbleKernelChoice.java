package io.quiver.executor.index.code;

import java.util.Locale;
import jdk.incubator.vector.ShortVector;

/** Scalar by the system property {@code quiver.kernels}, or where the processor's vectors are too short to be worthwhile. */
final class NibbleKernelChoice {
    static final NibbleKernels CHOSEN = choose(System.getProperty("quiver.kernels", "best"));

    private static final int VECTOR_BITS_MIN = 256;

    private NibbleKernelChoice() {}

    static NibbleKernels choose(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "scalar" -> new ScalarNibbleKernels();
            default -> isVectorWorthwhile() ? new VectorNibbleKernels() : new ScalarNibbleKernels();
        };
    }

    private static boolean isVectorWorthwhile() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && ShortVector.SPECIES_PREFERRED.vectorBitSize() >= VECTOR_BITS_MIN;
    }
}
