package io.quiver.executor.index.code;

import java.util.Locale;
import jdk.incubator.vector.ByteVector;

/** Which kernels this process uses: by the system property {@code quiver.kernels}, else the widest that the processor has. */
final class CodeKernelChoice {
    static final CodeKernels CHOSEN = choose(System.getProperty("quiver.kernels", "best"));

    private static final int WIDE_BITS = 512;

    private CodeKernelChoice() {}

    static CodeKernels choose(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "scalar" -> new ScalarCodeKernels();
            default -> isWide() ? new VectorCodeKernels() : new ScalarCodeKernels();
        };
    }

    private static boolean isWide() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && ByteVector.SPECIES_PREFERRED.vectorBitSize() >= WIDE_BITS;
    }
}
