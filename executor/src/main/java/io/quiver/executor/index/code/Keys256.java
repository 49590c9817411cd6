package io.quiver.executor.index.code;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** Searches among the keys of a beam on vectors of 256 bits. */
final class Keys256 {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_256;
    private static final int LANES = LONGS.length();

    private Keys256() {}

    /** Has no loop: the compiler would need longer to enter it than to run it. */
    static int countSmaller(long[] keys, int from, long key) {
        return smaller(keys, from, key)
                + smaller(keys, from + 4, key)
                + smaller(keys, from + 8, key)
                + smaller(keys, from + 12, key)
                + smaller(keys, from + 16, key)
                + smaller(keys, from + 20, key)
                + smaller(keys, from + 24, key)
                + smaller(keys, from + 28, key);
    }

    private static int smaller(long[] keys, int at, long key) {
        return LongVector.fromArray(LONGS, keys, at).lt(key).trueCount();
    }

    static int indexOf(long[] keys, int from, int to, int node) {
        long wanted = (long) node << 32;
        for (int i = from; i < to; i += LANES) {
            int lane = LongVector.fromArray(LONGS, keys, i)
                    .lanewise(LSHL, 32)
                    .eq(wanted)
                    .firstTrue();
            if (lane < LANES) {
                return i + lane;
            }
        }
        return to;
    }
}
