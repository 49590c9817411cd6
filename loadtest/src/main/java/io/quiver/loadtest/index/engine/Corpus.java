package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Vectors;
import io.quiver.log.catalog.Space;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * A data set in the forms that engines want, each made when it is first asked for and kept until the corpus is closed.
 * Belongs to one thread.
 */
public final class Corpus implements AutoCloseable {
    private final DataSet set;
    private final Arena arena = Arena.ofShared();
    private @Nullable OffHeapRows rows;
    private float @Nullable [][] peerBase;
    private float @Nullable [][] peerQueries;

    public Corpus(DataSet set) {
        this.set = set;
    }

    public DataSet set() {
        return set;
    }

    public int count() {
        return set.base().count();
    }

    public int dimension() {
        return set.base().dimension();
    }

    /** Bytes of the vectors in single precision, without padding. */
    public long rawBytes() {
        return (long) count() * dimension() * Float.BYTES;
    }

    /** Makes the forms of the base now, so that no engine is charged for them. */
    public void prepare() {
        rows();
        peerBase();
    }

    public Metric metric() {
        return switch (set.space()) {
            case L2 -> Metric.SQUARED_L2;
            case COSINE -> Metric.COSINE;
            case IP -> Metric.INNER_PRODUCT;
        };
    }

    /** The base as a segment holds it. */
    public EmbeddingRows rows() {
        if (rows == null) {
            rows = OffHeapRows.of(set.base(), arena);
        }
        return rows;
    }

    /** The base as arrays; of unit length where the metric is cosine, for then an inner product is enough. */
    float[][] peerBase() {
        if (peerBase == null) {
            peerBase = arrays(set.base());
        }
        return peerBase;
    }

    float[][] peerQueries() {
        if (peerQueries == null) {
            peerQueries = arrays(set.queries());
        }
        return peerQueries;
    }

    private float[][] arrays(Vectors vectors) {
        float[][] arrays = new float[vectors.count()][];
        for (int row = 0; row < arrays.length; row++) {
            arrays[row] = vectors.copy(row);
            if (set.space() == Space.COSINE) {
                normalise(arrays[row]);
            }
        }
        return arrays;
    }

    private static void normalise(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        double scale = square == 0 ? 0 : 1 / Math.sqrt(square);
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= (float) scale;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
