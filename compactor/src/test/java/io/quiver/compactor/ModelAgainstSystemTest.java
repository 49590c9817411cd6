package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations, compactions and restarts: at every step the system answers as a map does. */
class ModelAgainstSystemTest {
    private static final int STEPS = 400;
    private static final int DIMENSION = 3;

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
        }
    }

    /** One system beside its model. */
    private final class Run implements AutoCloseable {
        private final Random random;
        private final Space space;
        private final ModelCollection model = new ModelCollection();
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
            return CompactorFixture.open(directory, ExecutorFixture.smallDeltas(1 + random.nextInt(30)));
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
            }
        }

        private void write() {
            List<Operation> operations = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                operations.add(operation("r" + random.nextInt(60)));
            }
            system.quiver.write(arrows, operations);
            model.apply(operations);
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
            for (Filter filter : filters()) {
                List<VectorRecord> expected = model.accepted(filter);
                int skip = random.nextInt(5);
                assertRecords(expected, ExecutorFixture.scan(arrows, 0, Integer.MAX_VALUE, filter), where);
                assertRecords(
                        expected.stream().skip(skip).limit(7).toList(),
                        ExecutorFixture.scan(arrows, skip, 7, filter),
                        where);
                Embedding query = embedding();
                int k = 1 + random.nextInt(20);
                assertRecords(
                        model.nearest(query, k, filter, space),
                        ExecutorFixture.nearest(arrows, k, filter, query.toArray()),
                        where);
            }
            assertEquals(model.accepted(Filter.ALL).size(), system.quiver.count(arrows), where);
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
