package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;

/** Distances between nodes of one image, from the bytes of their rows. Scratch of one thread. */
final class NodeDistances {
    private static final CodeKernels KERNELS = CodeKernels.best();

    private final MemorySegment image;
    private final GraphLayout layout;
    private final float[] query;
    private final float[] dots = new float[4];

    NodeDistances(MemorySegment image, GraphLayout layout) {
        this.image = image;
        this.layout = layout;
        this.query = new float[layout.codeDimension()];
    }

    /** Distances of a node from the first {@code count} of others; those are nodes, up to then. */
    void measure(int node, int[] others, int count, float[] distances) {
        float norm = image.get(GraphLayout.FLOAT, layout.row(node) + GraphLayout.NORM_AT);
        float sum = layout.decode(image, node, query);
        int last = count - 1;
        for (int i = 0; i < count; i += 4) {
            measureFour(others, i, last);
            for (int j = i; j < Math.min(i + 4, count); j++) {
                distances[j] = Distance.of(image, layout.row(others[j]), dots[j - i], norm, sum);
            }
        }
    }

    private void measureFour(int[] others, int from, int last) {
        KERNELS.dotBytes(
                image,
                bytesOf(others[from]),
                bytesOf(others[Math.min(from + 1, last)]),
                bytesOf(others[Math.min(from + 2, last)]),
                bytesOf(others[Math.min(from + 3, last)]),
                query,
                dots);
    }

    private long bytesOf(int node) {
        return layout.row(node) + GraphLayout.BYTES_AT;
    }
}
