package io.quiver.executor.index.graph;

import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;

/** What the first page of an image, of either form, says of the rows that it is of. */
interface ImageHeader {
    Metric metric();

    int dimension();

    /** Of the longest row, for the inner product. */
    float lengthMax();

    /** Of the rotation. */
    long seed();

    int nodeCount();

    int codeDimension();

    /** Where the mean of all embeddings lies, {@link #codeDimension} floats. */
    long meanAt();

    /** Refuses an image of other rows with {@link IllegalArgumentException}. */
    default void expect(Metric expectedMetric, int expectedDimension, int rowCount) {
        expect(metric() == expectedMetric, "its metric is " + metric());
        expect(dimension() == expectedDimension, "its dimension is " + dimension());
        expect(nodeCount() == rowCount, "its nodes are " + nodeCount());
    }

    /** The code space that the image was made in. */
    default CodeSpace space(MemorySegment image) {
        float[] mean = new float[codeDimension()];
        MemorySegment.copy(image, GraphLayout.FLOAT, meanAt(), mean, 0, mean.length);
        return new CodeSpace(metric(), dimension(), lengthMax(), mean, seed());
    }

    static void expect(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new IllegalArgumentException("not the image of a graph: " + otherwise);
        }
    }
}
