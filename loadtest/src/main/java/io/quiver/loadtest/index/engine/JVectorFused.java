package io.quiver.loadtest.index.engine;

import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex.ScoringView;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex.View;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.feature.Feature;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.FusedPQ;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntFunction;

/** A graph of JVector as a mapped file, where each node has its vector and the codes of its neighbours beside it. */
final class JVectorFused implements AutoCloseable {
    private final Path file;
    private final ReaderSupplier readers;
    private final OnDiskGraphIndex graph;

    private JVectorFused(Path file) throws IOException {
        this.file = file;
        this.readers = ReaderSupplierFactory.open(file);
        this.graph = OnDiskGraphIndex.load(readers);
    }

    static JVectorFused write(ImmutableGraphIndex graph, JVectorVectors vectors, PQVectors codes) throws IOException {
        Path file = Files.createTempFile("quiver-bench-jvector", ".graph");
        try (var writer = new OnDiskGraphIndexWriter.Builder(graph, file)
                        .with(new FusedPQ(graph.maxDegree(), codes.getCompressor()))
                        .with(new InlineVectors(vectors.base().dimension()))
                        .build();
                View view = graph.getView()) {
            writer.write(features(view, vectors, codes));
        }
        return new JVectorFused(file);
    }

    private static Map<FeatureId, IntFunction<Feature.State>> features(
            View view, JVectorVectors vectors, PQVectors codes) {
        Map<FeatureId, IntFunction<Feature.State>> features = new EnumMap<>(FeatureId.class);
        features.put(FeatureId.FUSED_PQ, node -> new FusedPQ.State(view, codes, node));
        features.put(
                FeatureId.INLINE_VECTORS,
                node -> new InlineVectors.State(vectors.base().getVector(node)));
        return features;
    }

    Searcher searcher(String name, JVectorVectors vectors) throws IOException {
        long vectorBytes = (long) vectors.base().size() * vectors.base().dimension() * Float.BYTES;
        return new JVectorSearcher(name, graph, vectors, Files.size(file) - vectorBytes, (query, view) -> {
            ScoringView scores = (ScoringView) view;
            return new DefaultSearchScoreProvider(
                    scores.approximateScoreFunctionFor(query, vectors.similarity()),
                    scores.rerankerFor(query, vectors.similarity()));
        });
    }

    @Override
    public void close() {
        try {
            graph.close();
            readers.close();
            Files.delete(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
