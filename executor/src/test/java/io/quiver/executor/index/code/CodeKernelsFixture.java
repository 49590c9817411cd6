package io.quiver.executor.index.code;

import java.util.ArrayList;
import java.util.List;

/** The kernels that this machine can run, and dimensions that fill vectors, lines and turns, or do not. */
final class CodeKernelsFixture {
    static final int[] DIMENSIONS = {16, 32, 48, 64, 80, 96, 112, 128, 208, 784, 832, 1536, 4160, 4176, 16_384};

    /** A float sum of n terms is off by at most n times this, of the sum of their absolute values. */
    private static final double ROUNDING = 0x1p-24;

    private CodeKernelsFixture() {}

    static List<CodeKernels> vectorKernels() {
        List<CodeKernels> kernels = new ArrayList<>();
        if (KernelSetting.hasWideVectors()) {
            kernels.add(new VectorCodeKernels());
        }
        if (KernelSetting.hasVectors(256)) {
            kernels.add(new Vector256CodeKernels());
        }
        return kernels;
    }

    static List<CodeKernels> allKernels() {
        List<CodeKernels> kernels = new ArrayList<>(vectorKernels());
        kernels.add(new ScalarCodeKernels());
        return kernels;
    }

    /**
     * How far a float sum may be off: a rounding of each product and addition, and of products too small for a float.
     */
    static double tolerance(int terms, double absoluteSum) {
        return (terms + 1) * (ROUNDING * absoluteSum + Float.MIN_VALUE);
    }
}
