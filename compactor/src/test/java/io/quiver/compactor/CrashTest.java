package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.Eventually;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes at some call to the storage while batches are written and folded. Whatever was acknowledged is there
 * afterwards, whole, and no file is left that nobody names.
 *
 * <p>Runs a sample of the calls, with a printed seed; {@code -Dquiver.crashes=100000} runs them all.
 */
class CrashTest {
    private static final int CRASHES = Integer.getInteger("quiver.crashes", 25);

    /** So many rows have codes, in so many dimensions. */
    private static final int CODED_ROWS_MIN = 4_096;

    private static final int CODED_DIMENSION = 64;

    /**
     * What a story writes.
     *
     * @param ids records have one of so many
     * @param foldEvery after so many batches they are folded, and segments at rest merged
     */
    private record Shape(
            int crashes,
            int batches,
            int batchRows,
            int ids,
            int dimension,
            int deltaRows,
            int foldEvery,
            GraphSettings graphs) {
        boolean hasCodes(Manifest.Segment segment) {
            return dimension >= CODED_DIMENSION && segment.rowCount() >= CODED_ROWS_MIN;
        }
    }

    /** Many segments, large enough for graphs. */
    private static final Shape SMALL = new Shape(CRASHES, 12, 50, 200, 1, 120, 3, CompactorFixture.GRAPHS);

    /** Two segments with codes, and one that replaces them; without graphs, which take their time. */
    private static final Shape CODED = new Shape(
            Math.ceilDiv(CRASHES, 4), 2, 12_000, 8_000, CODED_DIMENSION, 20_000, 1, CompactorFixture.SMALL.graphs());

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private CatalogTemplate template;

    @BeforeEach
    void makeTemplate() throws IOException {
        template = CatalogTemplate.in(directory.resolve("template"), "arrows");
    }

    @Test
    void everyAcknowledgedBatchSurvivesAPowerCutAtAnyCall() throws IOException {
        cut(SMALL);
    }

    @Test
    void segmentsWithCodesAreReplacedWholeAfterAPowerCutAtAnyCall() throws IOException {
        cut(CODED);
    }

    private void cut(Shape shape) throws IOException {
        System.out.printf("seed %d%n", seed);
        long calls = callsOfAWholeRun(shape);
        int cuts = 0;
        long stride = Math.max(1, calls / shape.crashes());
        for (long call = 1 + Math.floorMod(seed, stride); call <= calls; call += stride) {
            crashAt(call, shape);
            cuts++;
        }
        System.out.printf("%d power cuts in a cycle of %d calls: nothing lost%n", cuts, calls);
    }

    private long callsOfAWholeRun(Shape shape) throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        Story story = new Story(0, shape);
        story.tell(storage);
        assertEquals(story.acknowledged.accepted(Filter.ALL), story.maybe.accepted(Filter.ALL));
        long calls = storage.callCount();
        assertEquals(shape.equals(CODED), endsAsOneSegmentWithCodes(storage));
        return calls;
    }

    private boolean endsAsOneSegmentWithCodes(SimulatedStorage storage) throws IOException {
        String segments = "segments/" + template.collection();
        List<String> names = storage.list(segments);
        return names.size() == 1
                && storage.list(segments + "/" + names.getFirst()).contains("codes.qb");
    }

    private void crashAt(long call, Shape shape) throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        storage.powerOffAt(call);
        Story story = new Story(call, shape);
        story.tell(storage);
        String where = "seed %d, call %d".formatted(seed, call);
        try {
            story.verify(storage.crash(seed + call), where);
        } catch (RuntimeException refusal) {
            throw new AssertionError(where, refusal);
        }
    }

    /** What one run writes, and what of it was acknowledged. */
    private final class Story {
        private final Shape shape;
        private final Path catalogDirectory;
        private final CollectionId arrows;
        private final Random random = new Random(seed);
        private ModelCollection acknowledged = new ModelCollection();
        /** With the batch that was under way when the power went. */
        private ModelCollection maybe = new ModelCollection();

        Story(long number, Shape shape) throws IOException {
            this.shape = shape;
            this.catalogDirectory = template.copyTo(directory.resolve("run-" + number));
            this.arrows = template.collection();
        }

        void tell(SimulatedStorage storage) {
            try (CompactorFixture system = open(storage)) {
                for (int i = 0; i < shape.batches(); i++) {
                    write(system);
                    if (i % shape.foldEvery() == shape.foldEvery() - 1) {
                        system.compact(arrows);
                        system.awaitGraphs();
                    }
                }
            } catch (IOException | RuntimeException powerIsOff) {
                // The story ends here.
            }
        }

        private CompactorFixture open(SimulatedStorage storage) throws IOException {
            return CompactorFixture.openResting(
                    storage, catalogDirectory, ExecutorFixture.smallDeltas(shape.deltaRows()), shape.graphs());
        }

        private void write(CompactorFixture system) {
            List<Operation> operations = new ArrayList<>();
            for (int i = 0; i < shape.batchRows(); i++) {
                operations.add(operation());
            }
            maybe = new ModelCollection(acknowledged);
            maybe.apply(operations);
            system.quiver.write(arrows, operations);
            acknowledged = maybe;
        }

        private Operation operation() {
            String id = "r" + random.nextInt(shape.ids());
            return random.nextInt(4) == 0 ? ExecutorFixture.delete(id) : ExecutorFixture.upsert(id, embedding());
        }

        private float[] embedding() {
            float[] embedding = new float[shape.dimension()];
            for (int i = 0; i < embedding.length; i++) {
                embedding[i] = random.nextInt(100);
            }
            return embedding;
        }

        void verify(SimulatedStorage survivor, String where) throws IOException {
            try (ExecutorFixture reader =
                    ExecutorFixture.open(survivor, catalogDirectory, ExecutorFixture.smallDeltas(shape.deltaRows()))) {
                assertHolds(reader.caughtUp(), where);
                assertNothingUnnamed(reader, where);
            }
            try (CompactorFixture system = open(survivor)) {
                system.quiver.caughtUp();
                system.compact(arrows);
                system.awaitGraphs();
                assertHolds(system.quiver, where + ", compacted");
                assertNothingUnnamed(system.quiver, where + ", compacted");
                assertNoGraphIsMissing(system.compactor.stats(), where);
            }
        }

        private void assertHolds(ExecutorFixture quiver, String where) {
            List<String> ids = quiver.ids(arrows);
            List<Embedding> embeddings = new ArrayList<>(Objects.requireNonNull(
                    quiver.one(ExecutorFixture.scan(arrows)).embeddings()));
            assertTrue(
                    holds(ids, embeddings, acknowledged) || holds(ids, embeddings, maybe),
                    () -> "%s: found %s, acknowledged %s".formatted(where, ids, acknowledged.accepted(Filter.ALL)));
        }

        private boolean holds(List<String> ids, List<Embedding> embeddings, ModelCollection model) {
            List<VectorRecord> records = model.accepted(Filter.ALL);
            return records.stream().map(VectorRecord::id).toList().equals(ids)
                    && records.stream().map(VectorRecord::embedding).toList().equals(embeddings);
        }

        private void assertNothingUnnamed(ExecutorFixture quiver, String where) throws IOException {
            Manifest manifest =
                    Objects.requireNonNull(quiver.catalog.manifest(arrows).block());
            Set<String> named =
                    manifest.segments().stream().map(Manifest.Segment::name).collect(Collectors.toSet());
            awaitFiles(quiver, named, where);
            for (Manifest.Segment segment : manifest.segments()) {
                List<String> files = quiver.storage.list("segments/" + arrows + "/" + segment.name());
                assertGraphIsWholeOrNotThere(files, where);
                assertEquals(shape.hasCodes(segment), files.contains("codes.qb"), where + ": " + files);
            }
        }

        /** The files of a retired segment go with the last share of it, which another thread may hold for a moment. */
        private void awaitFiles(ExecutorFixture quiver, Set<String> named, String where) {
            Eventually.await(
                    () -> named.equals(Set.copyOf(quiver.storage.list("segments/" + arrows))),
                    () -> where + ": there are other segments than " + named);
        }

        private void assertGraphIsWholeOrNotThere(List<String> files, String where) {
            assertEquals(files.contains("graph.qg"), files.contains("recall.qc"), where + ": " + files);
            assertTrue(files.stream().noneMatch(file -> file.endsWith(".tmp")), where + ": " + files);
        }

        private void assertNoGraphIsMissing(CompactionStats stats, String where) {
            assertEquals(0, stats.graphs().failures(), where);
        }
    }
}
