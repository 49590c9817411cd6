package io.quiver.loadtest.index.engine;

import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex.View;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.types.VectorFloat;

/** Searches a graph of JVector with the scores that it is given. */
final class JVectorSearcher implements Searcher {
    private final String name;
    private final GraphSearcher searcher;
    private final JVectorVectors vectors;
    private final long sizeBytes;
    private final Scores scores;

    JVectorSearcher(String name, ImmutableGraphIndex graph, JVectorVectors vectors, long sizeBytes, Scores scores) {
        this.name = name;
        this.searcher = new GraphSearcher(graph);
        this.vectors = vectors;
        this.sizeBytes = sizeBytes;
        this.scores = scores;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Family family() {
        return Family.JVECTOR;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void search(int from, int to, int ef, int[][] found) {
        for (int i = from; i < to; i++) {
            SearchScoreProvider provider = scores.of(vectors.queries().get(i), searcher.getView());
            found[i] = rows(searcher.search(provider, K, ef, 0f, 0f, Bits.ALL));
        }
    }

    private static int[] rows(SearchResult result) {
        SearchResult.NodeScore[] nodes = result.getNodes();
        int[] rows = new int[nodes.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = nodes[i].node;
        }
        return rows;
    }

    /** How near nodes are to a query, as a search estimates it and as the best are scored again. */
    @FunctionalInterface
    interface Scores {
        SearchScoreProvider of(VectorFloat<?> query, View view);
    }
}
