package io.quiver.loadtest.index.engine;

import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * A graph of JVector and the ways it may be searched: with float distances; with product-quantised ones and the
 * candidates scored again; and with the same codes fused into the file of the graph. A byte of a code stands for two
 * dimensions or more: which is best depends on the data.
 */
final class JVectorIndex implements BuiltIndex {
    private static final List<Integer> FLOATS_PER_BYTE = List.of(2, 4, 8, 16);

    /** Codes beside the graph are slower than fused ones at every length; one length shows it. */
    private static final int FLOATS_PER_BYTE_APART = 8;

    private static final int CLUSTERS = 256;

    private final String name;
    private final ImmutableGraphIndex graph;
    private final JVectorVectors vectors;
    private final List<JVectorFused> files = new ArrayList<>();

    JVectorIndex(String name, ImmutableGraphIndex graph, JVectorVectors vectors) {
        this.name = name;
        this.graph = graph;
        this.vectors = vectors;
    }

    @Override
    public List<Searcher> searchers() throws IOException {
        List<Searcher> searchers = new ArrayList<>();
        searchers.add(plain());
        if (vectors.base().size() >= CLUSTERS) {
            for (int floatsPerByte : FLOATS_PER_BYTE) {
                PQVectors codes = codes(floatsPerByte);
                searchers.add(fused(codes, floatsPerByte));
                if (floatsPerByte == FLOATS_PER_BYTE_APART) {
                    searchers.add(quantised(codes, floatsPerByte));
                }
            }
        }
        return searchers;
    }

    private Searcher plain() {
        return new JVectorSearcher(
                name,
                graph,
                vectors,
                sizeBytes(),
                (query, _) -> DefaultSearchScoreProvider.exact(query, vectors.similarity(), vectors.base()));
    }

    private Searcher quantised(PQVectors codes, int floatsPerByte) {
        return new JVectorSearcher(
                name + " PQ/" + floatsPerByte,
                graph,
                vectors,
                sizeBytes() + codes.ramBytesUsed(),
                (query, _) -> new DefaultSearchScoreProvider(
                        codes.precomputedScoreFunctionFor(query, vectors.similarity()),
                        vectors.base().rerankerFor(query, vectors.similarity())));
    }

    private Searcher fused(PQVectors codes, int floatsPerByte) throws IOException {
        JVectorFused file = JVectorFused.write(graph, vectors, codes);
        files.add(file);
        return file.searcher(name + " fused PQ/" + floatsPerByte, vectors);
    }

    private PQVectors codes(int floatsPerByte) {
        ForkJoinPool threads = ForkJoinPool.commonPool();
        int bytes = Math.max(1, vectors.base().dimension() / floatsPerByte);
        boolean isCentred = vectors.similarity() == VectorSimilarityFunction.EUCLIDEAN;
        ProductQuantization quantizer =
                ProductQuantization.compute(vectors.base(), bytes, CLUSTERS, isCentred, -1, threads, threads);
        return quantizer.encodeAll(vectors.base(), threads);
    }

    @Override
    public long sizeBytes() {
        return graph.ramBytesUsed();
    }

    @Override
    public void close() throws IOException {
        for (JVectorFused file : files) {
            file.close();
        }
        graph.close();
    }
}
