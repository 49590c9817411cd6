package io.quiver.executor.index.blocked;

/** The two factors of a row in one int, as {@link io.quiver.executor.index.code.CodeKernels} reads them. */
final class Factors {
    /** Of a row whose residual is too long or too short for them: whatever the query, it counts as near. */
    static final int ALWAYS_NEAR = 0xFF80_0000;

    /** An offset beyond this may lead out of the range of a float. */
    private static final float OFFSET_MAX = 1e36f;

    private Factors() {}

    /** The offset is rounded down: what comes of it is to be a lower bound. */
    static int pack(float offset, float roundedSlope) {
        if (!(Math.abs(offset) < OFFSET_MAX)) {
            return ALWAYS_NEAR;
        }
        int bits = Float.floatToRawIntBits(offset);
        int upper = bits & 0xFFFF_0000;
        boolean isCutUpwards = bits < 0 && upper != bits;
        return (isCutUpwards ? upper + 0x1_0000 : upper) | Float.floatToRawIntBits(roundedSlope) >>> 16;
    }

    /** The nearest float whose lower half is empty. */
    static float rounded(float slope) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(slope) + 0x8000 & 0xFFFF_0000);
    }
}
