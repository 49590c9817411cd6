package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.FoldInput;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.query.Filter;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.sparse.SparseIndex.Search;
import io.quiver.executor.sparse.SparseQuery;
import io.quiver.executor.sparse.SparseVectors;
import io.quiver.executor.sparse.SparseVectors.Weights;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sparse vectors through random writes, folds, merges and restarts: the segments together answer as a map does. */
class SparseCompactionTest {
    private static final int STEPS = 120;
    private static final String KEY = "sp";

    @TempDir
    Path directory;

    private final ModelCollection model = new ModelCollection();
    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final SparseVectors vectors = new SparseVectors(random, 200, Weights.SIGNED);

    /** A record with its distance; places in the order of insertion are compared within the system alone. */
    private record Hit(String id, float distance, long insertion) {
        String shown() {
            return id + ":" + Float.floatToRawIntBits(distance);
        }
    }

    @Test
    void theSegmentsTogetherAnswerAsAMapDoes() throws IOException {
        System.out.printf("seed %d%n", seed);
        CompactorFixture system = CompactorFixture.open(directory, ExecutorFixture.smallDeltas(40));
        CollectionId arrows = system.quiver.create("arrows");
        write(system, arrows);
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 75) {
                write(system, arrows);
            } else if (dice < 95) {
                system.compact(arrows);
            } else {
                system.close();
                system = CompactorFixture.open(directory, ExecutorFixture.smallDeltas(40));
            }
            SparseVector query = vectors.next(1 + random.nextInt(30));
            int k = 1 + random.nextInt(20);
            assertEquals(expected(query, k), found(system, arrows, query, k), "seed " + seed + ", step " + step);
        }
        system.close();
        assertEquals(List.of(), DirectoryCheck.run(directory, (_, _, _) -> {}).findings());
    }

    private void write(CompactorFixture system, CollectionId arrows) {
        List<Operation> operations = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            operations.add(operation("r" + random.nextInt(150)));
        }
        system.quiver.write(arrows, operations);
        model.apply(operations);
    }

    private Operation operation(String id) {
        Metadata metadata = new Metadata(Map.of(KEY, new Sparse(vectors.next(random.nextInt(20)))));
        return switch (random.nextInt(5)) {
            case 0 -> new Operation.Delete(id);
            case 1 ->
                new Operation.Update(new RecordPatch(id, null, null, null, new MetadataPatch(Map.of(), Set.of(KEY))));
            case 2 -> new Operation.Update(new RecordPatch(id, null, null, null, MetadataPatch.setting(metadata)));
            default -> new Operation.Add(new VectorRecord(id, Embedding.of(1), null, null, metadata));
        };
    }

    private List<String> expected(SparseVector query, int k) {
        List<Hit> hits = new ArrayList<>();
        for (VectorRecord record : model.accepted(Filter.ALL)) {
            if (record.metadata().get(KEY) instanceof Sparse(var vector)) {
                double product = new SparseQuery(KEY, query).product(vector);
                if (!Double.isNaN(product)) {
                    hits.add(new Hit(record.id(), (float) (1 - product), hits.size()));
                }
            }
        }
        return nearest(hits, k);
    }

    private static List<String> nearest(List<Hit> hits, int k) {
        return hits.stream()
                .sorted(Comparator.comparingDouble(Hit::distance).thenComparingLong(Hit::insertion))
                .limit(k)
                .map(Hit::shown)
                .toList();
    }

    /** Until a write has had an effect there is nothing to hold: a first batch may be one delete of nobody. */
    private static List<String> found(CompactorFixture system, CollectionId arrows, SparseVector query, int k) {
        system.quiver.executor.seal(arrows).block();
        Optional<FoldInput> holds = system.quiver.executor.hold(arrows);
        if (holds.isEmpty()) {
            return List.of();
        }
        List<Hit> hits = new ArrayList<>();
        try (FoldInput held = holds.get()) {
            long through = held.through().value();
            Stream.concat(held.sealed().stream(), held.deltas().stream())
                    .forEach(segment -> hits.addAll(search(segment, through, query, k)));
        }
        return nearest(hits, k);
    }

    private static List<Hit> search(Segment segment, long through, SparseVector query, int k) {
        NearestRows rows = new NearestRows(k, segment::insertion);
        segment.sparse()
                .search(new Search(
                        KEY,
                        query,
                        null,
                        segment.rowCount(),
                        row -> segment.tombstones().isLive(row, through),
                        rows,
                        () -> false));
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            hits.add(new Hit(segment.id(rows.row(i)), rows.distance(i), segment.insertion(rows.row(i))));
        }
        return hits;
    }
}
