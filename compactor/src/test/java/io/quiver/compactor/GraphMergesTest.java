package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.Eventually;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Segments that have graphs become one segment with one graph, by joining these or by building it anew. */
class GraphMergesTest extends GraphsFixture {
    @Test
    void segmentsWithGraphsBecomeOneThatHasAGraphFromTheStart() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            for (int i = 0; i < 3; i++) {
                addRows(system, arrows, 100 * i, 100 * (i + 1));
                system.awaitGraphs();
            }
            assertEquals(3, segments(system).size());
            assertEquals(0, system.compactor.stats().graphs().merged());
            addRows(system, arrows, 300, 400);
            awaitMerges(system, 1);
            assertTrue(segments(system).getFirst().hasGraph());
            assertEquals(1, segments(system).size());
            assertEquals(400, system.quiver.count(arrows));
        }
        assertHolds(arrows, 400);
    }

    @Test
    void whatEndsBesideMergesStaysEnded() throws IOException {
        CollectionId arrows;
        int batches = 0;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            while (batches < 24) {
                writeBatch(system, arrows, batches++);
            }
            system.awaitGraphs();
            // Which segments meet in a merge depends on what was folded before it had a graph.
            while (system.compactor.stats().graphs().merged() == 0 && batches < 100) {
                writeBatch(system, arrows, batches++);
                system.awaitGraphs();
            }
            awaitMerges(system, 1);
            assertEquals(0, system.compactor.stats().graphs().failures());
            assertEquals(0, system.compactor.stats().failures());
        }
        long count;
        try (CompactorFixture system = open()) {
            count = system.quiver.count(arrows);
            assertEquals(count, system.quiver.ids(arrows).stream().distinct().count());
            assertTrue(count <= batches * 99L && count >= batches * 98L, "%d records".formatted(count));
            assertFalse(system.quiver.ids(arrows).contains("r99"));
        }
        assertHolds(arrows, count);
    }

    private void writeBatch(CompactorFixture system, CollectionId arrows, int i) throws IOException {
        addRows(system, arrows, 100 * i, 100 * (i + 1));
        system.quiver.write(arrows, delete("r" + random.nextInt(100 * i + 1)), delete("r" + (100 * i + 99)));
        system.quiver.write(arrows, upsert("r" + (100 * i + 50), embedding()));
        system.compact(arrows);
    }

    @Test
    void aGraphWithManyEndedRowsIsMadeAgainWithoutThem() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            addRows(system, arrows, 0, 200);
            system.awaitGraphs();
            for (int i = 0; i < 100; i++) {
                system.quiver.write(arrows, delete("r" + i));
            }
            system.compact(arrows);
            awaitMerges(system, 1);
            assertEquals(100, segments(system).getFirst().rowCount());
            assertTrue(segments(system).getFirst().hasGraph());
            for (int i = 100; i < 200; i++) {
                system.quiver.write(arrows, delete("r" + i));
            }
            system.compact(arrows);
            awaitMerges(system, 2);
        }
        assertHolds(arrows, 0);
    }

    @Test
    void aLargeGraphIsJoinedWhereFewOfItsRowsHaveEnded() throws IOException {
        CollectionId arrows;
        try (CompactorFixture system = open()) {
            arrows = system.quiver.create("arrows");
            for (int i = 0; i < 4; i++) {
                addRows(system, arrows, 500 * i, 500 * (i + 1));
                system.quiver.write(arrows, delete("r" + 500 * i), delete("r" + (500 * i + 7)));
                system.awaitGraphs();
            }
            awaitMerges(system, 1);
            system.compact(arrows);
            assertEquals(1, system.compactor.stats().graphs().joined());
            assertEquals(1, segments(system).size());
            assertTrue(segments(system).getFirst().hasGraph());
        }
        assertHolds(arrows, 4 * 498);
    }

    private static void awaitMerges(CompactorFixture system, int merges) {
        Eventually.await(
                () -> system.compactor.stats().graphs().merged() >= merges,
                () -> system.compactor.stats().toString());
        system.awaitGraphs();
    }
}
