package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Chooses the neighbours of a node out of candidates, nearest first: a candidate is kept where no kept one is nearer to
 * it than the node is (the rule of relative neighbourhood graphs, without relaxation). What is left fills the row up.
 *
 * <p>Scratch of one thread.
 */
final class Neighbors {
    private final NodeDistances measure;
    private final int[] kept = new int[GraphLayout.DEGREE];
    private final float[] keptDistances = new float[GraphLayout.DEGREE];
    private boolean[] isOccluded = new boolean[0];
    private int[] places = new int[0];
    private int[] nodes = new int[0];
    private float[] distances = new float[0];
    private int keptCount;
    private int strictCount;

    Neighbors(MemorySegment image, GraphLayout layout) {
        this.measure = new NodeDistances(image, layout);
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
            places = new int[count];
            nodes = new int[count];
            distances = new float[count];
        }
        Arrays.fill(isOccluded, 0, count, false);
        keptCount = 0;
    }

    private void keep(long candidate) {
        kept[keptCount] = (int) candidate;
        keptDistances[keptCount++] = Beam.distance(candidate);
    }

    /** Marks the later candidates that are nearer to candidate {@code i} than to the node. */
    private void occlude(long[] candidates, int i, int count) {
        int living = 0;
        for (int j = i + 1; j < count; j++) {
            if (!isOccluded[j]) {
                places[living] = j;
                nodes[living++] = (int) candidates[j];
            }
        }
        measure.measure((int) candidates[i], nodes, living, distances);
        for (int j = 0; j < living; j++) {
            isOccluded[places[j]] = distances[j] < Beam.distance(candidates[places[j]]);
        }
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
