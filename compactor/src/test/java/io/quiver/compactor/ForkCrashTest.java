package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes at some call to the storage while a collection is forked, written, compacted and dropped, and the log
 * begins and drops files. A fork is there afterwards with all that was acknowledged to it, or is not there at all, nor
 * are files of it.
 *
 * <p>Runs a sample of the calls, with a printed seed; {@code -Dquiver.crashes=100000} runs them all.
 */
class ForkCrashTest {
    private static final int CRASHES = Integer.getInteger("quiver.crashes", 40);
    private static final int ROUNDS = 2;
    private static final int BATCH_ROWS = 40;
    private static final int DELTA_ROWS = 70;

    /** With it the log begins a file every few batches. */
    private static final String DOCUMENT = "x".repeat(600);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private CatalogTemplate template;

    @BeforeEach
    void makeTemplate() throws IOException {
        template = CatalogTemplate.in(directory.resolve("template"), "root");
    }

    @Test
    void aForkIsWholeOrNotThereAfterAPowerCutAtAnyCall() throws IOException {
        System.out.printf("seed %d%n", seed);
        SimulatedStorage whole = new SimulatedStorage();
        Story told = new Story(0);
        told.tell(whole);
        assertEquals(ROUNDS, told.forked);
        assertTrue(told.droppedThrough.isAfter(LogOffset.NONE), "the log dropped nothing");
        long calls = whole.callCount();
        int cuts = 0;
        long stride = Math.max(1, calls / CRASHES);
        for (long call = 1 + Math.floorMod(seed, stride); call <= calls; call += stride) {
            SimulatedStorage storage = new SimulatedStorage();
            storage.powerOffAt(call);
            Story story = new Story(call);
            story.tell(storage);
            String where = "seed %d, call %d".formatted(seed, call);
            try {
                story.verify(storage.crash(seed + call), where);
            } catch (RuntimeException refusal) {
                throw new AssertionError(where, refusal);
            }
            cuts++;
        }
        System.out.printf("%d power cuts in a cycle of %d calls: nothing lost%n", cuts, calls);
    }

    /** One collection of a story, and what it may hold: with or without what was under way when the power went. */
    private static final class Told {
        final CollectionId id;
        ModelCollection acknowledged;
        ModelCollection maybe;

        /** Whether it was asked to go. */
        boolean isDropped;

        Told(CollectionId id, ModelCollection model) {
            this.id = id;
            this.acknowledged = model;
            this.maybe = model;
        }
    }

    private final class Story {
        private final Path catalogDirectory;
        private final Random random = new Random(seed);
        private final List<Told> told = new ArrayList<>();
        private final Told root;
        private int forked;
        private LogOffset droppedThrough = LogOffset.NONE;

        Story(long number) throws IOException {
            this.catalogDirectory = template.copyTo(directory.resolve("run-" + number));
            this.root = new Told(template.collection(), new ModelCollection());
            told.add(root);
        }

        void tell(SimulatedStorage storage) {
            try (CompactorFixture system = open(storage)) {
                for (int round = 0; round < ROUNDS; round++) {
                    write(system, root);
                    if (round > 0) {
                        system.compact(root.id);
                    }
                    write(system, root);
                    Told fork = fork(system, "fork-" + round);
                    write(system, fork);
                    write(system, root);
                    system.compact(root.id);
                    drop(system, told.get(round));
                }
                droppedThrough = system.quiver.log.truncatedThrough();
            } catch (IOException | RuntimeException powerIsOff) {
                // The story ends here.
            }
        }

        private CompactorFixture open(SimulatedStorage storage) throws IOException {
            return CompactorFixture.open(storage, catalogDirectory, ExecutorFixture.smallDeltas(DELTA_ROWS));
        }

        private Told fork(CompactorFixture system, String name) {
            Told source = kept().get(random.nextInt(kept().size()));
            Collection created = Objects.requireNonNull(
                    system.quiver.executor.fork(source.id, name).block());
            Told fork = new Told(created.id(), new ModelCollection(source.acknowledged));
            told.add(fork);
            forked++;
            return fork;
        }

        private void drop(CompactorFixture system, Told one) {
            if (one != root) {
                one.isDropped = true;
                String name = Objects.requireNonNull(
                                system.quiver.catalog.collection(one.id).block())
                        .name();
                system.quiver
                        .catalog
                        .deleteCollection(Tenant.DEFAULT, Database.DEFAULT, name)
                        .block();
            }
        }

        private List<Told> kept() {
            return told.stream().filter(one -> !one.isDropped).toList();
        }

        private void write(CompactorFixture system, Told into) {
            List<Operation> operations = new ArrayList<>();
            for (int i = 0; i < BATCH_ROWS; i++) {
                String id = "r" + random.nextInt(150);
                operations.add(
                        random.nextInt(4) == 0
                                ? ExecutorFixture.delete(id)
                                : ExecutorFixture.upsert(id, random.nextInt(100)));
            }
            operations.add(ExecutorFixture.update("r0", DOCUMENT.repeat(BATCH_ROWS)));
            into.maybe = new ModelCollection(into.acknowledged);
            into.maybe.apply(operations);
            system.quiver.write(into.id, operations);
            into.acknowledged = into.maybe;
        }

        void verify(SimulatedStorage survivor, String where) throws IOException {
            try (CompactorFixture system = open(survivor)) {
                system.quiver.caughtUp();
                assertEquals(
                        List.of(), List.copyOf(system.quiver.executor.damaged().values()), where);
                assertHold(system, where);
                assertNothingUnknown(system, where);
                for (Told collection : kept()) {
                    system.compact(collection.id);
                }
                assertHold(system, where + ", compacted");
            }
        }

        private void assertHold(CompactorFixture system, String where) {
            for (Told collection : kept()) {
                List<String> ids = system.quiver.ids(collection.id);
                assertTrue(
                        ids.equals(ids(collection.acknowledged)) || ids.equals(ids(collection.maybe)),
                        () -> "%s: collection %d of %d has %s"
                                .formatted(where, told.indexOf(collection), told.size(), ids));
            }
        }

        private static List<String> ids(ModelCollection model) {
            return model.accepted(Filter.ALL).stream().map(VectorRecord::id).toList();
        }

        /** A fork that was not acknowledged may be there all the same, as any other collection. */
        private void assertNothingUnknown(CompactorFixture system, String where) throws IOException {
            TreeSet<String> known = new TreeSet<>();
            Objects.requireNonNull(system.quiver.catalog.allCollections().block())
                    .forEach(collection -> known.add(collection.id().toString()));
            List<String> found = system.quiver.storage.list("segments");
            assertTrue(known.containsAll(found), () -> where + ": files of " + found);
            assertTrue(known.size() <= told.size() + 1, where);
        }
    }
}
