package io.quiver.loadtest.index.engine;

import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.ArrayList;
import java.util.List;

/** A corpus in JVector's types, which wrap the same arrays. */
record JVectorVectors(
        RandomAccessVectorValues base, List<VectorFloat<?>> queries, VectorSimilarityFunction similarity) {
    JVectorVectors(Corpus corpus) {
        this(
                new ListRandomAccessVectorValues(wrapped(corpus.peerBase()), corpus.dimension()),
                wrapped(corpus.peerQueries()),
                switch (corpus.set().space()) {
                    case L2 -> VectorSimilarityFunction.EUCLIDEAN;
                    case COSINE, IP -> VectorSimilarityFunction.DOT_PRODUCT;
                });
    }

    private static List<VectorFloat<?>> wrapped(float[][] vectors) {
        VectorTypeSupport types = VectorizationProvider.getInstance().getVectorTypeSupport();
        List<VectorFloat<?>> wrapped = new ArrayList<>(vectors.length);
        for (float[] vector : vectors) {
            wrapped.add(types.createFloatVector(vector));
        }
        return wrapped;
    }
}
