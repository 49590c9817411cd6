package io.quiver.loadtest.index.engine;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import java.io.IOException;
import java.util.concurrent.ForkJoinPool;

/** JVector's graph over float vectors on the heap; its codes come when the graph stands. */
final class JVectorEngine implements Engine {
    private static final int EF_CONSTRUCTION = 100;
    private static final float OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    private final int degree;

    JVectorEngine(int degree) {
        this.degree = degree;
    }

    @Override
    public String name() {
        return "jvector-m" + degree;
    }

    @Override
    public Family family() {
        return Family.JVECTOR;
    }

    @Override
    public BuiltIndex build(Corpus corpus) throws IOException {
        JVectorVectors vectors = new JVectorVectors(corpus);
        ForkJoinPool thread = new ForkJoinPool(1);
        try (GraphIndexBuilder builder = builder(vectors, thread)) {
            ImmutableGraphIndex graph = builder.build(vectors.base());
            return new JVectorIndex("JVector M=" + degree, graph, vectors);
        } finally {
            thread.shutdownNow();
        }
    }

    /** With layers, and refined at the end, as it is by default. */
    private GraphIndexBuilder builder(JVectorVectors vectors, ForkJoinPool thread) {
        BuildScoreProvider scores = BuildScoreProvider.randomAccessScoreProvider(vectors.base(), vectors.similarity());
        return GraphIndexBuilder.builder(scores, vectors.base().dimension(), degree)
                .withBeamWidth(EF_CONSTRUCTION)
                .withNeighborOverflow(OVERFLOW)
                .withAlpha(ALPHA)
                .withSimdExecutor(thread)
                .withParallelExecutor(thread)
                .build();
    }
}
