package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Finds the heads of an entry table that are nearest to a query. Of each code the first dimensions are enough: after
 * the rotation they are as good as any others, and which heads are near is a coarse question.
 *
 * <p>Belongs to one thread; reused from query to query.
 */
final class NearestHeads {
    private static final CodeKernels KERNELS = CodeKernels.best();
    /** Heads whose blocks may be looked at: with fewer, searches among far clusters begin in wrong ones. */
    private static final int COUNT = 24;
    /** Lines of a block that are looked at, whole turns of the kernels. */
    private static final int LINES_MAX = 4 * CodeKernels.LINES_A_TURN;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final int lines;
    /** Of all dimensions to those that are looked at. */
    private final float ratio;

    private final float[] firstOfQuery;
    private final float[] totals = new float[3];
    private final int[] sums = new int[2 * CodeKernels.BLOCK];
    private final float[] estimates = new float[CodeKernels.BLOCK];
    private final long[] nearest = new long[COUNT];

    NearestHeads(MemorySegment image, GraphLayout layout) {
        this.image = image;
        this.layout = layout;
        this.lines = Math.min(layout.lines(), LINES_MAX);
        this.ratio = (float) layout.lines() / lines;
        this.firstOfQuery = new float[lines * CodeKernels.DIMENSIONS_A_LINE];
    }

    /**
     * Looks at all heads.
     *
     * @param table of the query, with its scale
     * @param norm squared length of the query
     * @return {@link Beam#key}s of the numbers of the nearest heads; lent until the next call
     */
    long[] find(float[] query, byte[] table, float scale, float norm) {
        System.arraycopy(query, 0, firstOfQuery, 0, firstOfQuery.length);
        KERNELS.totals(firstOfQuery, totals);
        Arrays.fill(nearest, Beam.EMPTY);
        int blocks = EntryTable.headBlocks(layout.entryBlocks());
        for (int block = 0; block < blocks; block++) {
            lookAt(block, table, scale * ratio, -totals[2] * ratio, norm);
        }
        return nearest;
    }

    private void lookAt(int block, byte[] table, float scale, float base, float norm) {
        long entry = layout.entry(block);
        long factors = entry + layout.entryFactorsAt();
        float threshold = Beam.distance(nearest[COUNT - 1]);
        int near = KERNELS.scan(image, entry, factors, table, lines, scale, base, norm, threshold, sums, estimates);
        for (; near != 0; near &= near - 1) {
            int slot = Integer.numberOfTrailingZeros(near);
            remember(Beam.key(estimates[slot], block * GraphLayout.DEGREE + slot));
        }
    }

    private void remember(long key) {
        int at = COUNT - 1;
        if (key >= nearest[at]) {
            return;
        }
        for (; at > 0 && nearest[at - 1] > key; at--) {
            nearest[at] = nearest[at - 1];
        }
        nearest[at] = key;
    }
}
