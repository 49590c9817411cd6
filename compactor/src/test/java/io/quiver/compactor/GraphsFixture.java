package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.add;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.executor.ExecutorFixture;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** Collections of random rows whose segments get graphs, in a directory of the test. */
abstract class GraphsFixture {
    @TempDir
    Path directory;

    final Random random = new Random(9);
    int dimension = 8;

    CompactorFixture open() throws IOException {
        return open(CompactorFixture.GRAPHS);
    }

    CompactorFixture open(GraphSettings graphs) throws IOException {
        return CompactorFixture.openWithGraphs(directory, ExecutorFixture.smallDeltas(10_000), graphs);
    }

    void addRows(CompactorFixture system, CollectionId collection, int from, int to) {
        List<Operation> operations = new ArrayList<>();
        for (int i = from; i < to; i++) {
            operations.add(add("r" + i, embedding()));
        }
        system.quiver.write(collection, operations);
        system.compact(collection);
    }

    float[] embedding() {
        float[] embedding = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            embedding[i] = (float) random.nextGaussian();
        }
        return embedding;
    }

    static List<SegmentLoad> segments(CompactorFixture system) {
        return system.quiver.executor.debts().getFirst().segments();
    }

    /** After a restart too, and so that a check has nothing to say. */
    void assertHolds(CollectionId collection, long count) throws IOException {
        try (CompactorFixture system = open()) {
            assertEquals(count, system.quiver.count(collection));
        }
        assertEquals(List.of(), DirectoryCheck.run(directory, (_, _, _) -> {}).findings());
    }
}
