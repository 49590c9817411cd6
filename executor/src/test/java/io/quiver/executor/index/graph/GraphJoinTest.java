package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A graph that is made of older ones is as good as one that is built from nothing. */
class GraphJoinTest {
    private static final int DIMENSION = 32;
    /** Of each component as against the one before: real embeddings do not go in all directions alike. */
    private static final double DECAY = 0.9;

    private static final double LENGTH_MAX = 6;
    private static final double RECALL_LOSS_MAX = 0.005;

    /** Segments of which some rows have ended, merged in random order with rows that no graph knows. */
    private record Merged(Part part, List<OlderGraph> older) {
        static Merged of(Random random, Metric metric, List<Part> sources, double deadShare, int added, Arena arena) {
            List<float[]> embeddings = new ArrayList<>();
            List<int[]> newRows = new ArrayList<>();
            for (Part source : sources) {
                newRows.add(IntStream.range(0, source.count())
                        .map(row -> random.nextDouble() < deadShare ? -1 : add(embeddings, source.embeddings[row]))
                        .toArray());
            }
            IntStream.range(0, added).forEach(_ -> embeddings.add(embedding(random)));
            List<OlderGraph> older = IntStream.range(0, sources.size())
                    .mapToObj(i -> new OlderGraph(sources.get(i).fresh(), newRows.get(i)))
                    .toList();
            return new Merged(new Part(embeddings.toArray(float[][]::new), metric, arena), older);
        }

        private static int add(List<float[]> embeddings, float[] embedding) {
            embeddings.add(embedding);
            return embeddings.size() - 1;
        }

        /** As it is after its embeddings have been changed. */
        Merged copy(Arena arena) {
            return new Merged(new Part(part.embeddings, part.metric, arena), older);
        }

        GraphIndex join(BuildWorkers workers) {
            return part.open(part.join(older, workers).orElseThrow());
        }
    }

    private static Part part(Random random, int count, Metric metric, Arena arena) {
        float[][] embeddings = new float[count][];
        Arrays.setAll(embeddings, _ -> embedding(random));
        embeddings[0] = ofLength(LENGTH_MAX, embeddings[0]);
        return new Part(embeddings, metric, arena);
    }

    /** No longer than the first of each part, for where length matters a graph takes no longer ones in. */
    private static float[] embedding(Random random) {
        float[] embedding = Seeds.embedding(random, DIMENSION);
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] *= (float) Math.pow(DECAY, i);
        }
        return ofLength(LENGTH_MAX * (0.6 + 0.39 * random.nextDouble()), embedding);
    }

    private static float[][] queries(Random random) {
        float[][] queries = new float[500][];
        Arrays.setAll(queries, _ -> embedding(random));
        return queries;
    }

    private static float[] ofLength(double length, float[] embedding) {
        double square = 0;
        for (float value : embedding) {
            square += value * value;
        }
        float[] scaled = new float[embedding.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (embedding[i] * length / Math.sqrt(square));
        }
        return scaled;
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void aJoinOfRandomSegmentsFindsAsMuchAsAFreshBuild(Metric metric) {
        Random random = Seeds.random("aJoinOfRandomSegmentsFindsAsMuchAsAFreshBuild " + metric);
        float[][] queries = queries(random);
        for (int trial = 0; trial < 3; trial++) {
            try (Arena arena = Arena.ofShared()) {
                List<Part> sources = List.of(
                        part(random, 1_000 + random.nextInt(1_000), metric, arena),
                        part(random, 300 + random.nextInt(500), metric, arena));
                Merged merged =
                        Merged.of(random, metric, sources, 0.25 * random.nextDouble(), random.nextInt(500), arena);
                GraphIndex joined = merged.join(BuildWorkers.ONE);
                joined.verify();
                double fresh = merged.part.recall(merged.part.fresh(), queries, Part.EF);
                double found = merged.part.recall(joined, queries, Part.EF);
                assertTrue(found >= fresh - RECALL_LOSS_MAX, "found %.4f, fresh %.4f".formatted(found, fresh));
            }
        }
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() {
        Random random = Seeds.random("theNumberOfThreadsDoesNotMatter");
        try (Arena arena = Arena.ofShared()) {
            Merged merged = Merged.of(
                    random,
                    Metric.SQUARED_L2,
                    List.of(part(random, 1_500, Metric.SQUARED_L2, arena)),
                    0.15,
                    400,
                    arena);
            MemorySegment alone =
                    merged.part.join(merged.older, BuildWorkers.ONE).orElseThrow();
            MemorySegment together =
                    merged.part.join(merged.older, new Threads(3)).orElseThrow();
            assertEquals(-1, alone.mismatch(together));
        }
    }

    /** A base of a fifth has fewer nodes than the table of entries of the whole. */
    @Test
    void segmentsOfOneSizeAreJoined() {
        Random random = Seeds.random("segmentsOfOneSizeAreJoined");
        try (Arena arena = Arena.ofShared()) {
            List<Part> sources = IntStream.range(0, 5)
                    .mapToObj(i -> part(random, i == 0 ? 1_800 : 1_650, Metric.SQUARED_L2, arena))
                    .toList();
            Merged merged = Merged.of(random, Metric.SQUARED_L2, sources, 0, 0, arena);
            MemorySegment alone =
                    merged.part.join(merged.older, BuildWorkers.ONE).orElseThrow();
            MemorySegment together =
                    merged.part.join(merged.older, new Threads(3)).orElseThrow();
            assertEquals(-1, alone.mismatch(together));
            merged.part.open(alone).verify();
        }
    }

    /** A whole region dies: nodes at its border lose most of their neighbours. */
    @Test
    void aRegionThatDiesLeavesTheOthersAsTheyWere() {
        Random random = Seeds.random("aRegionThatDiesLeavesTheOthersAsTheyWere");
        try (Arena arena = Arena.ofShared()) {
            Part source = part(random, 2_000, Metric.SQUARED_L2, arena);
            List<float[]> embeddings = new ArrayList<>();
            int[] newRows = Arrays.stream(source.embeddings)
                    .mapToInt(embedding -> embedding[0] > 2 ? -1 : Merged.add(embeddings, embedding))
                    .toArray();
            Part left = new Part(embeddings.toArray(float[][]::new), Metric.SQUARED_L2, arena);
            assertTrue(left.count() < source.count());
            GraphIndex joined = left.open(left.join(List.of(new OlderGraph(source.fresh(), newRows)), BuildWorkers.ONE)
                    .orElseThrow());
            joined.verify();
            assertEquals(List.of(), left.lost(joined));
        }
    }

    @Test
    void whatIsNotWorthJoiningIsNotJoined() {
        Random random = Seeds.random("whatIsNotWorthJoiningIsNotJoined");
        try (Arena arena = Arena.ofShared()) {
            List<Part> sources = List.of(part(random, 1_000, Metric.INNER_PRODUCT, arena));
            assertTrue(isJoined(Merged.of(random, Metric.INNER_PRODUCT, sources, 0.1, 100, arena)));
            assertFalse(isJoined(Merged.of(random, Metric.INNER_PRODUCT, sources, 0.5, 100, arena)), "half is dead");
            assertFalse(isJoined(Merged.of(random, Metric.INNER_PRODUCT, sources, 0.1, 9_000, arena)), "most is new");
            Merged longer = Merged.of(random, Metric.INNER_PRODUCT, sources, 0.1, 100, arena);
            longer.part.embeddings[950] = ofLength(2 * LENGTH_MAX, longer.part.embeddings[950]);
            assertFalse(isJoined(longer.copy(arena)), "one row is too long");
            Merged moved = Merged.of(random, Metric.INNER_PRODUCT, sources, 0.1, 900, arena);
            for (int row = 950; row < moved.part.count(); row++) {
                moved.part.embeddings[row] = sources.getFirst().embeddings[0];
            }
            assertFalse(isJoined(moved.copy(arena)), "the mean is elsewhere");
        }
    }

    private static boolean isJoined(Merged merged) {
        return merged.part.join(merged.older, BuildWorkers.ONE).isPresent();
    }
}
