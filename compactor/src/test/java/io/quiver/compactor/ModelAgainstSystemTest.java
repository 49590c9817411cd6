package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.HistoryWindow;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations, compactions and restarts: at every step the system answers as a map does, about now and about an
 * offset of the past. After a restart the past begins at what had been compacted.
 */
class ModelAgainstSystemTest {
    private static final int STEPS = 400;
    private static final int DIMENSION = 3;
    private static final HistoryWindow HISTORY = new HistoryWindow(Duration.ofHours(1), 1 << 30);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP"})
    void theyAgree(Space space) throws IOException {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.printf("seed %d%n", seed);
        try (Run run = new Run(new Random(seed), space)) {
            for (int step = 0; step < STEPS; step++) {
                run.step();
                run.compare("seed %d, step %d".formatted(seed, step));
            }
            run.tellPast();
        }
    }

    /** One system beside its model. */
    private final class Run implements AutoCloseable {
        private final Random random;
        private final Space space;
        private final ModelCollection model = new ModelCollection();
        private final NavigableMap<Long, ModelCollection> past = new TreeMap<>(Map.of(0L, new ModelCollection()));
        private long readableFrom;
        private long shown;
        private long refused;
        private final CollectionId arrows;
        private CompactorFixture system;

        Run(Random random, Space space) throws IOException {
            this.random = random;
            this.space = space;
            this.system = open(random);
            this.arrows = system.quiver.create("arrows", space);
        }

        @Override
        public void close() {
            system.close();
        }

        private CompactorFixture open(Random random) throws IOException {
            ExecutorSettings settings =
                    ExecutorFixture.smallDeltas(1 + random.nextInt(30)).withHistory(HISTORY);
            return random.nextBoolean()
                    ? CompactorFixture.open(directory, settings)
                    : CompactorFixture.openResting(
                            DiskStorage.open(directory), directory, settings, CompactorFixture.SMALL.graphs());
        }

        void step() throws IOException {
            int dice = random.nextInt(100);
            if (dice < 80) {
                write();
            } else if (dice < 96) {
                system.compact(arrows);
            } else {
                system.close();
                system = open(random);
                readableFrom = Objects.requireNonNull(
                                system.quiver.catalog.manifest(arrows).block())
                        .compactedOffset()
                        .value();
            }
        }

        private void write() {
            List<Operation> operations = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                operations.add(operation("r" + random.nextInt(60)));
            }
            long offset = system.quiver.write(arrows, operations).value();
            model.apply(operations);
            past.put(offset, new ModelCollection(model));
        }

        private Operation operation(String id) {
            return switch (random.nextInt(4)) {
                case 0 -> new Operation.Add(new VectorRecord(id, embedding(), document(), null, metadata()));
                case 1 ->
                    new Operation.Upsert(new RecordPatch(
                            id, embedding(), document(), "uri " + id, MetadataPatch.setting(metadata())));
                case 2 ->
                    new Operation.Update(
                            new RecordPatch(id, random.nextBoolean() ? embedding() : null, document(), null, patch()));
                default -> new Operation.Delete(id);
            };
        }

        private Embedding embedding() {
            float[] values = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                values[i] = random.nextInt(7) - 3;
            }
            return Embedding.of(values);
        }

        private String document() {
            return "a word of " + random.nextInt(5);
        }

        private Metadata metadata() {
            return new Metadata(Map.of("colour", new MetadataValue.Int(random.nextInt(4))));
        }

        private MetadataPatch patch() {
            return random.nextBoolean()
                    ? MetadataPatch.setting(metadata())
                    : new MetadataPatch(Map.of(), Set.of("colour"));
        }

        void compare(String where) {
            compare(model, Consistency.STRONG, where);
            long from = random.nextInt(4) == 0 ? 0 : readableFrom;
            LogOffset offset = new LogOffset(from + random.nextLong(past.lastKey() + 1 - from));
            if (offset.value() < readableFrom) {
                requireRefused(offset);
            } else {
                compare(past.floorEntry(offset.value()).getValue(), new Consistency.At(offset), where);
                shown++;
            }
        }

        private void requireRefused(LogOffset offset) {
            Query scan = ExecutorFixture.with(ExecutorFixture.scan(arrows), new Consistency.At(offset));
            var refusal = assertThrows(QuiverException.class, () -> system.quiver.one(scan));
            assertEquals(ErrorCode.FAILED_PRECONDITION, refusal.code());
            assertTrue(refusal.getMessage().contains("from " + readableFrom + " on"), refusal.getMessage());
            refused++;
        }

        void tellPast() {
            assertTrue(shown > STEPS / 4, shown + " offsets of the past were shown");
            System.out.printf("%d offsets of the past shown, %d refused after restarts%n", shown, refused);
        }

        private void compare(ModelCollection state, Consistency consistency, String where) {
            for (Filter filter : filters()) {
                List<VectorRecord> expected = state.accepted(filter);
                int skip = random.nextInt(5);
                assertRecords(
                        expected, with(ExecutorFixture.scan(arrows, 0, Integer.MAX_VALUE, filter), consistency), where);
                assertRecords(
                        expected.stream().skip(skip).limit(7).toList(),
                        with(ExecutorFixture.scan(arrows, skip, 7, filter), consistency),
                        where);
                Embedding query = embedding();
                int k = 1 + random.nextInt(20);
                assertRecords(
                        state.nearest(query, k, filter, space),
                        with(ExecutorFixture.nearest(arrows, k, filter, query.toArray()), consistency),
                        where);
                assertEquals(expected.size(), count(filter, consistency).total(), where);
            }
            if (consistency instanceof Consistency.At(var offset)) {
                assertEquals(offset, count(Filter.ALL, consistency).offset(), where);
            }
        }

        private Hits count(Filter filter, Consistency consistency) {
            return system.quiver.one(new Query.Count(arrows, filter, consistency, ExecutorFixture.soon()));
        }

        private List<Filter> filters() {
            return List.of(
                    Filter.ALL,
                    new Filter.Equals("colour", new MetadataValue.Int(random.nextInt(4))),
                    new Filter.Not(new Filter.Equals("colour", new MetadataValue.Int(random.nextInt(4)))),
                    new Filter.DocumentContains("of " + random.nextInt(5)),
                    ExecutorFixture.ids("r" + random.nextInt(60), "r" + random.nextInt(60), "nobody"));
        }

        private VectorRecord record(Hits hits, int i) {
            return new VectorRecord(
                    hits.ids().get(i),
                    column(hits.embeddings()).get(i),
                    column(hits.documents()).get(i),
                    column(hits.uris()).get(i),
                    column(hits.metadatas()).get(i));
        }

        private static <T extends @Nullable Object> List<T> column(@Nullable List<T> column) {
            return Objects.requireNonNull(column);
        }

        private void assertRecords(List<VectorRecord> expected, Query query, String where) {
            Hits hits = system.quiver.one(query);
            List<VectorRecord> found = new ArrayList<>();
            for (int i = 0; i < hits.size(); i++) {
                found.add(record(hits, i));
            }
            assertEquals(expected, found, () -> where + ": " + query);
        }
    }
}
