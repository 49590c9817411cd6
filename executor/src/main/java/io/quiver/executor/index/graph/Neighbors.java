package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Chooses the neighbours of a node out of candidates, nearest first: a candidate is kept where no kept one is nearer to it
 * than the node is (the rule of relative neighbourhood graphs, without relaxation). What is left fills the row up.
 *
 * <p>Scratch of one thread.
 */
final class Neighbors {
    private static final CodeKernels KERNELS = CodeKernels.best();

    private final MemorySegment image;
    private final GraphLayout layout;
    private final float[] query;
    private final float[] dots = new float[4];
    private final int[] kept = new int[GraphLayout.DEGREE];
    private final float[] keptDistances = new float[GraphLayout.DEGREE];
    private boolean[] isOccluded = new boolean[0];
    private int[] alive = new int[0];
    private int keptCount;
    private int strictCount;

    Neighbors(MemorySegment image, GraphLayout layout) {
        this.image = image;
        this.layout = layout;
        this.query = new float[layout.codeDimension()];
    }

    /**
     * Chooses among {@code count} candidates.
     *
     * @param candidates distance bits and node, sorted, without the node itself and without doubles
     */
    void choose(long[] candidates, int count) {
        prepare(count);
        for (int i = 0; i < count && keptCount < GraphLayout.DEGREE; i++) {
            if (!isOccluded[i]) {
                keep(candidates[i]);
                occlude(candidates, i, count);
            }
        }
        strictCount = keptCount;
        for (int i = 0; i < count && keptCount < GraphLayout.DEGREE; i++) {
            if (isOccluded[i]) {
                keep(candidates[i]);
            }
        }
    }

    private void prepare(int count) {
        if (isOccluded.length < count) {
            isOccluded = new boolean[count];
            alive = new int[count + 4];
        }
        Arrays.fill(isOccluded, 0, count, false);
        keptCount = 0;
    }

    private void keep(long candidate) {
        kept[keptCount] = (int) candidate;
        keptDistances[keptCount++] = distance(candidate);
    }

    /** Marks the later candidates that are nearer to candidate {@code i} than to the node. */
    private void occlude(long[] candidates, int i, int count) {
        int living = 0;
        for (int j = i + 1; j < count; j++) {
            if (!isOccluded[j]) {
                alive[living++] = j;
            }
        }
        if (living == 0) {
            return;
        }
        Arrays.fill(alive, living, living + 3, alive[living - 1]);
        long row = layout.row((int) candidates[i]);
        float norm = image.get(GraphLayout.FLOAT, row + GraphLayout.NORM_AT);
        float sum = layout.decode(image, (int) candidates[i], query);
        for (int j = 0; j < living; j += 4) {
            occludeFour(candidates, j, norm, sum);
        }
    }

    private void occludeFour(long[] candidates, int from, float norm, float sum) {
        long row0 = layout.row((int) candidates[alive[from]]);
        long row1 = layout.row((int) candidates[alive[from + 1]]);
        long row2 = layout.row((int) candidates[alive[from + 2]]);
        long row3 = layout.row((int) candidates[alive[from + 3]]);
        int at = GraphLayout.BYTES_AT;
        KERNELS.dotBytes(image, row0 + at, row1 + at, row2 + at, row3 + at, query, dots);
        mark(candidates, alive[from], row0, norm, sum, dots[0]);
        mark(candidates, alive[from + 1], row1, norm, sum, dots[1]);
        mark(candidates, alive[from + 2], row2, norm, sum, dots[2]);
        mark(candidates, alive[from + 3], row3, norm, sum, dots[3]);
    }

    private void mark(long[] candidates, int j, long row, float norm, float sum, float dot) {
        float distance = Distance.of(image, row, dot, norm, sum);
        if (distance < distance(candidates[j])) {
            isOccluded[j] = true;
        }
    }

    static float distance(long candidate) {
        return Float.intBitsToFloat((int) (candidate >>> 32));
    }

    int count() {
        return keptCount;
    }

    /** How many were kept by the rule; they come first. */
    int strictCount() {
        return strictCount;
    }

    int node(int i) {
        return kept[i];
    }

    float distance(int i) {
        return keptDistances[i];
    }
}
