package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.sparse.SparseIndex.Search;
import io.quiver.executor.sparse.SparseVectors;
import io.quiver.executor.sparse.SparseVectors.Weights;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Searches by sparse vectors, of deltas and sealed segments, against computing every row: same rows, same bits, same
 * order.
 */
class SparseSearchTest {
    private static final String KEY = "sp";

    @TempDir
    Path directory;

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);

    @ParameterizedTest
    @EnumSource
    void findsTheNearestOfRandomRecords(Weights weights) throws IOException {
        Random random = Seeds.random("SparseSearchTest " + weights);
        for (int round = 0; round < 4; round++) {
            SparseVectors vectors = new SparseVectors(random, 20 + random.nextInt(3_000), weights);
            List<VectorRecord> records = records(random, vectors, 1 + random.nextInt(round == 0 ? 30 : 6_000));
            DeltaSegment delta = SegmentFixture.delta(records, Metric.SQUARED_L2, budget);
            SealedSegment sealed = seal(records, round);
            sealed.verify();
            for (int question = 0; question < 25; question++) {
                Question asked = Question.random(random, vectors, records.size());
                assertEquals(asked.bruteForce(records), asked.ask(delta), () -> "delta: " + asked);
                assertEquals(asked.bruteForce(records), asked.ask(sealed), () -> "sealed: " + asked);
            }
            sealed.release();
            delta.release();
        }
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void findsNothingUnderAKeyThatHasNoVectors() throws IOException {
        Random random = Seeds.random("SparseSearchTest");
        SparseVectors vectors = new SparseVectors(random, 10, Weights.ONES);
        List<VectorRecord> records = records(random, vectors, 100);
        SealedSegment sealed = seal(records, 0);
        Question asked = new Question("scalar", vectors.next(5), null, 100, _ -> true, 10);
        assertEquals(List.of(), asked.ask(sealed));
        sealed.release();
    }

    @Test
    void stopsWhenItIsTold() throws IOException {
        Random random = Seeds.random("SparseSearchTest");
        SparseVectors vectors = new SparseVectors(random, 100, Weights.SIGNED);
        List<VectorRecord> records = records(random, vectors, 5_000);
        SealedSegment sealed = seal(records, 0);
        AtomicInteger asked = new AtomicInteger();
        NearestRows hits = new NearestRows(3_000, sealed::insertion);
        sealed.sparse()
                .search(new Search(
                        KEY, vectors.next(30), null, 5_000, _ -> true, hits, () -> asked.incrementAndGet() > 5));
        assertEquals(6, asked.get());
        assertTrue(hits.size() < 3_000);
        sealed.release();
    }

    @Test
    void aSegmentWithoutVectorsHasNoFileOfThem() throws IOException {
        Storage storage = DiskStorage.open(directory.resolve("without"));
        SegmentFixture.write(storage, UUID.randomUUID(), Metric.SQUARED_L2, List.of(Records.record("a", 1)), budget);
        assertTrue(storage.list(SegmentFixture.DIRECTORY).stream().noneMatch(name -> name.startsWith("sparse")));
    }

    private SealedSegment seal(List<VectorRecord> records, int round) throws IOException {
        Storage storage = DiskStorage.open(directory.resolve("round" + round));
        var entry = SegmentFixture.write(storage, UUID.randomUUID(), Metric.SQUARED_L2, records, budget);
        return SegmentFixture.open(storage, Metric.SQUARED_L2, 1, entry, budget);
    }

    private static List<VectorRecord> records(Random random, SparseVectors vectors, int count) {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, MetadataValue> fields = new HashMap<>();
            if (random.nextInt(10) > 0) {
                fields.put(KEY, new Sparse(vectors.next(random.nextInt(40))));
            }
            if (random.nextInt(3) == 0) {
                fields.put("other", new Sparse(vectors.next(3)));
            }
            fields.put("scalar", new MetadataValue.Text("x"));
            records.add(new VectorRecord("id" + i, Embedding.of(i), null, null, new Metadata(fields)));
        }
        return records;
    }

    /** One search, answered by a segment and by computing every row. */
    private record Question(
            String key,
            SparseVector query,
            @Nullable RowSet candidates,
            int rowCount,
            java.util.function.IntPredicate isLive,
            int k) {
        static Question random(Random random, SparseVectors vectors, int records) {
            int rowCount = random.nextInt(4) == 0 ? 1 + random.nextInt(records) : records;
            int dead = random.nextInt(2) * (2 + random.nextInt(5));
            return new Question(
                    random.nextInt(5) == 0 ? "other" : KEY,
                    vectors.next(1 + random.nextInt(random.nextBoolean() ? 3 : 60)),
                    random.nextBoolean() ? null : candidates(random, rowCount),
                    rowCount,
                    row -> dead == 0 || row % dead != 1,
                    1 + random.nextInt(random.nextBoolean() ? 10 : 300));
        }

        private static RowSet candidates(Random random, int rowCount) {
            RowSet candidates = RowSet.none(rowCount);
            int part = random.nextBoolean() ? 400 : 1 + random.nextInt(4);
            for (int row = 0; row < rowCount; row++) {
                if (random.nextInt(part) == 0) {
                    candidates.add(row);
                }
            }
            return candidates;
        }

        List<String> ask(Segment segment) {
            NearestRows hits = new NearestRows(k, segment::insertion);
            segment.sparse().search(new Search(key, query, candidates, rowCount, isLive, hits, () -> false));
            hits.sort();
            List<String> found = new ArrayList<>();
            for (int i = 0; i < hits.size(); i++) {
                found.add(shown(hits.row(i), hits.distance(i)));
            }
            return found;
        }

        List<String> bruteForce(List<VectorRecord> records) {
            Map<Integer, Float> distances = new HashMap<>();
            for (int row = 0; row < rowCount; row++) {
                boolean isAsked = (candidates == null || candidates.contains(row)) && isLive.test(row);
                if (isAsked && records.get(row).metadata().get(key) instanceof Sparse(var vector)) {
                    Float distance = distance(vector);
                    if (distance != null) {
                        distances.put(row, distance);
                    }
                }
            }
            return distances.entrySet().stream()
                    .sorted(Map.Entry.<Integer, Float>comparingByValue(
                                    (one, other) -> one < other ? -1 : one > other ? 1 : 0)
                            .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                    .limit(k)
                    .map(hit -> shown(hit.getKey(), hit.getValue()))
                    .toList();
        }

        /** Adds in ascending order of indices, as the definition says; null where no term is shared. */
        private @Nullable Float distance(SparseVector vector) {
            Map<Integer, Float> weights = new HashMap<>();
            for (int i = 0; i < vector.size(); i++) {
                weights.put(vector.index(i), vector.value(i));
            }
            double sum = 0;
            boolean isShared = false;
            for (int i = 0; i < query.size(); i++) {
                Float weight = weights.get(query.index(i));
                if (weight != null) {
                    sum += (double) query.value(i) * weight;
                    isShared = true;
                }
            }
            return isShared ? (float) (1 - sum) : null;
        }

        private static String shown(int row, float distance) {
            return row + ":" + Integer.toHexString(Float.floatToRawIntBits(distance));
        }
    }
}
