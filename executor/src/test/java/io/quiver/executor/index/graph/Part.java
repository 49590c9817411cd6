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
        this(embeddings, embeddings[0].length, metric, arena);
    }

    Part(float[][] embeddings, int dimension, Metric metric, Arena arena) {
        this.embeddings = embeddings;
        this.metric = metric;
        this.arena = arena;
        this.rows = new ChunkedRows(arena, embeddings, dimension, 1_000, 0);
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

    CompactIndex compact() {
        MemorySegment image = CompactBuilder.build(build(BuildWorkers.ONE), rows, BuildWorkers.ONE, arena);
        return CompactIndex.open(image, rows, count(), metric);
    }

    FlatIndex exact() {
        return new FlatIndex(metric, rows);
    }

    /** Share of the true nearest rows that a graph finds; a row as near as the last of them is as good. */
    double recall(GraphIndex graph, float[][] queries, int ef) {
        List<NearestRows> found = search(graph, ef, queries);
        List<NearestRows> nearest = search(exact(), RowSearch.EXACT, queries);
        long right = 0;
        for (int i = 0; i < queries.length; i++) {
            right += right(found.get(i), nearest.get(i));
        }
        return (double) right / (queries.length * K);
    }

    static long right(NearestRows found, NearestRows nearest) {
        float last = nearest.distance(nearest.size() - 1);
        return IntStream.range(0, found.size())
                .filter(i -> found.distance(i) <= last)
                .count();
    }

    /** Rows for whose own embedding a search finds nothing that is as near as they are. */
    List<Integer> lost(GraphIndex graph) {
        List<NearestRows> found = search(graph, EF, embeddings);
        List<NearestRows> nearest = search(exact(), RowSearch.EXACT, embeddings);
        return IntStream.range(0, count())
                .filter(row -> found.get(row).distance(0) > nearest.get(row).distance(0))
                .boxed()
                .toList();
    }

    /** Rows that each query finds, the nearest first. */
    List<List<Integer>> find(VectorIndex index, int ef, float[]... queries) {
        return search(index, ef, queries).stream()
                .map(hits -> IntStream.range(0, hits.size()).mapToObj(hits::row).toList())
                .toList();
    }

    private List<NearestRows> search(VectorIndex index, int ef, float[]... queries) {
        List<RowSearch> searches = searches(ef, queries);
        index.search(searches, new RowRange(0, count()));
        searches.forEach(search -> search.hits().sort());
        return searches.stream().map(RowSearch::hits).toList();
    }

    /** What exact search finds, not sorted yet. */
    NearestRows nearest(float[] query, int k) {
        RowSearch search = search(query, k, RowSearch.EXACT, new float[] {});
        exact().search(List.of(search), new RowRange(0, count()));
        return search.hits();
    }

    /** @param elsewhere distances of hits in other parts */
    static RowSearch search(float[] query, int k, int ef, float[] elsewhere) {
        return new RowSearch(query, null, _ -> true, new NearestRows(k, row -> row, elsewhere), () -> false, ef);
    }

    static List<RowSearch> searches(int ef, float[]... queries) {
        return Arrays.stream(queries)
                .map(query -> new RowSearch(query, null, _ -> true, new NearestRows(K, row -> row), () -> false, ef))
                .toList();
    }
}
