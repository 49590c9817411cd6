package io.quiver.executor.index.graph;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rows of a segment in memory, for tests; graphs of them, and what these find. */
final class Part {
    static final int K = 10;
    static final int EF = 100;

    final float[][] embeddings;
    final Metric metric;
    private final ChunkedRows rows;
    private final Arena arena;

    Part(float[][] embeddings, Metric metric, Arena arena) {
        this.embeddings = embeddings;
        this.metric = metric;
        this.arena = arena;
        this.rows = new ChunkedRows(arena, embeddings, embeddings[0].length, 1_000, 0);
    }

    int count() {
        return embeddings.length;
    }

    MemorySegment build(BuildWorkers workers) {
        return GraphBuilder.build(rows, count(), metric, GraphParameters.DEFAULT, workers, BuildProgress.NONE, arena);
    }

    Optional<MemorySegment> join(List<OlderGraph> older, BuildWorkers workers) {
        return GraphBuilder.join(rows, count(), older, GraphParameters.DEFAULT, workers, BuildProgress.NONE, arena);
    }

    GraphIndex open(MemorySegment image) {
        return GraphIndex.open(image, rows, count(), metric);
    }

    GraphIndex fresh() {
        return open(build(BuildWorkers.ONE));
    }

    /** Share of the true nearest rows that a graph finds. */
    double recall(GraphIndex graph, float[][] queries, int ef) {
        FlatIndex exact = new FlatIndex(metric, rows);
        long right = Arrays.stream(queries)
                .mapToLong(query -> common(find(graph, query, ef), find(exact, query, RowSearch.EXACT)))
                .sum();
        return (double) right / (queries.length * K);
    }

    private static long common(List<Integer> found, List<Integer> truth) {
        return found.stream().filter(truth::contains).count();
    }

    /** Rows that a search for their own embedding does not find. */
    List<Integer> lost(GraphIndex graph) {
        return IntStream.range(0, count())
                .filter(row -> !find(graph, embeddings[row], EF).contains(row))
                .boxed()
                .toList();
    }

    private List<Integer> find(VectorIndex index, float[] query, int ef) {
        NearestRows hits = new NearestRows(K, row -> row);
        index.search(List.of(new RowSearch(query, null, _ -> true, hits, () -> false, ef)), new RowRange(0, count()));
        return IntStream.range(0, hits.size()).mapToObj(hits::row).toList();
    }
}
