package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Collections and forks of forks, written, dropped, compacted and restarted at random: each answers as a map of its own
 * does.
 */
class ForkModelTest {
    private static final int STEPS = 300;
    private static final int COLLECTIONS_MAX = 6;
    private static final int IDS = 80;

    @TempDir
    Path directory;

    @Test
    void everyForkIsACollectionOfItsOwn() throws IOException {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.printf("seed %d%n", seed);
        try (Run run = new Run(new Random(seed))) {
            for (int step = 0; step < STEPS; step++) {
                run.step(step);
                run.compare("seed %d, step %d".formatted(seed, step));
            }
        }
        CheckReport report = DirectoryCheck.run(directory, (_, _, _) -> {});
        assertEquals(List.of(), report.findings(), () -> "seed " + seed);
    }

    private final class Run implements AutoCloseable {
        private final Random random;
        private final Map<CollectionId, ModelCollection> models = new LinkedHashMap<>();
        private CompactorFixture system;

        Run(Random random) throws IOException {
            this.random = random;
            this.system = open();
            models.put(system.quiver.create("root", Space.L2), new ModelCollection());
        }

        @Override
        public void close() {
            system.close();
        }

        /** Some of the systems give segments graphs, which come to forks or do not. */
        private CompactorFixture open() throws IOException {
            var settings = ExecutorFixture.smallDeltas(1 + random.nextInt(40));
            return random.nextBoolean()
                    ? CompactorFixture.open(directory, settings)
                    : CompactorFixture.openWithGraphs(directory, settings, CompactorFixture.GRAPHS);
        }

        void step(int step) throws IOException {
            CollectionId chosen = any();
            int dice = random.nextInt(100);
            if (dice < 60) {
                write(chosen);
            } else if (dice < 75) {
                fork(chosen, "fork-" + step);
            } else if (dice < 90) {
                system.compact(chosen);
            } else if (dice < 95) {
                system.close();
                system = open();
            } else {
                drop(chosen);
            }
        }

        private CollectionId any() {
            List<CollectionId> ids = List.copyOf(models.keySet());
            return ids.get(random.nextInt(ids.size()));
        }

        private void write(CollectionId id) {
            List<Operation> operations = new ArrayList<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                String record = "r" + random.nextInt(IDS);
                operations.add(
                        switch (random.nextInt(4)) {
                            case 0 -> ExecutorFixture.delete(record);
                            case 1 -> ExecutorFixture.add(record, random.nextInt(9), random.nextInt(9));
                            default -> ExecutorFixture.upsert(record, random.nextInt(9), random.nextInt(9));
                        });
            }
            system.quiver.write(id, operations);
            model(id).apply(operations);
        }

        private void fork(CollectionId source, String name) {
            if (models.size() < COLLECTIONS_MAX) {
                Collection fork = Objects.requireNonNull(
                        system.quiver.executor.fork(source, name).block());
                models.put(fork.id(), new ModelCollection(model(source)));
            }
        }

        private void drop(CollectionId id) {
            if (models.size() > 1) {
                system.quiver.drop(id);
                models.remove(id);
            }
        }

        private ModelCollection model(CollectionId id) {
            return Objects.requireNonNull(models.get(id));
        }

        void compare(String where) {
            models.forEach((id, model) -> {
                List<VectorRecord> expected = model.accepted(Filter.ALL);
                Hits all = system.quiver.one(ExecutorFixture.scan(id));
                assertEquals(expected.stream().map(VectorRecord::id).toList(), all.ids(), where);
                assertEquals(expected.stream().map(VectorRecord::embedding).toList(), all.embeddings(), where);
                assertEquals(expected.size(), system.quiver.count(id), where);
            });
        }
    }
}
