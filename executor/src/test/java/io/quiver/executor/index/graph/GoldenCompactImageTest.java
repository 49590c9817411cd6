package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.GoldenFile;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NaiveDistance;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A compact image of format version 1, which must open for ever; {@link #main} wrote it. */
class GoldenCompactImageTest {
    private static final String FILE = "/compact/v1.image";
    private static final int DIMENSION = 16;
    private static final int COUNT = 200;

    @Test
    void opensAndFindsEachRowByItself() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            float[][] embeddings = embeddings();
            ChunkedRows rows = rows(arena, embeddings);
            CompactIndex index = CompactIndex.open(GoldenFile.image(FILE, arena), rows, COUNT, Metric.INNER_PRODUCT);
            index.verify();
            for (int row = 0; row < COUNT; row++) {
                float[] far = embeddings[row].clone();
                far[0] *= 2;
                assertEquals(NaiveDistance.nearest(Metric.INNER_PRODUCT, embeddings, COUNT, far), search(index, far));
            }
        }
    }

    private static int search(CompactIndex index, float[] query) {
        NearestRows hits = new NearestRows(1, row -> row);
        RowSearch search = new RowSearch(query, null, _ -> true, hits, () -> false, COUNT);
        index.search(List.of(search), new RowRange(0, COUNT));
        return hits.row(0);
    }

    private static float[][] embeddings() {
        return Seeds.embeddings(new Random(17), COUNT, DIMENSION);
    }

    private static ChunkedRows rows(Arena arena, float[][] embeddings) {
        return new ChunkedRows(arena, embeddings, DIMENSION, 64, 0);
    }

    /** Writes the file anew, for a new version of the format: the argument is where to. */
    static void main(String[] arguments) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            ChunkedRows rows = rows(arena, embeddings());
            MemorySegment graph = GraphBuilder.build(
                    rows,
                    COUNT,
                    Metric.INNER_PRODUCT,
                    GraphParameters.DEFAULT,
                    BuildWorkers.ONE,
                    BuildProgress.NONE,
                    arena);
            MemorySegment image = CompactBuilder.build(graph, rows, BuildWorkers.ONE, arena);
            Files.write(Path.of(arguments[0]), image.toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
