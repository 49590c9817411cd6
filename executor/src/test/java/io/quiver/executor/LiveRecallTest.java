package io.quiver.executor;

import static io.quiver.executor.ExecutorFixture.nearest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that an executor asks again, and what it holds for them. */
class LiveRecallTest {
    private static final int ROWS = 30_000;
    private static final ExecutorSettings SETTINGS =
            ExecutorSettings.DEFAULT.withSearchThreads(2).withRecallSampleEvery(1);

    @TempDir
    Path directory;

    @Test
    void anExecutorThatClosesMeanwhileLeavesNothingBehind() throws IOException {
        for (int i = 0; i < 5; i++) {
            ExecutorFixture fixture = ExecutorFixture.open(directory.resolve("close" + i), SETTINGS);
            CollectionId arrows = loaded(fixture);
            fixture.executor.execute(someOf(arrows)).subscribe();
            fixture.one(nearest(arrows, 10, 1, 2));
            fixture.close();
            assertEquals(0, fixture.budget.usedBytes());
        }
    }

    @Test
    void aCollectionThatIsDroppedMeanwhileGivesItsMemoryBack() throws IOException {
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, SETTINGS)) {
            for (int i = 0; i < 3; i++) {
                CollectionId arrows = loaded(fixture);
                fixture.one(nearest(arrows, 10, 1, 2));
                fixture.drop(arrows);
                Eventually.await(() -> fixture.budget.usedBytes() == 0, () -> fixture.budget.usedBytes() + " bytes");
            }
        }
    }

    @Test
    void whatWasScannedWasFound() throws IOException {
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, SETTINGS)) {
            CollectionId arrows = loaded(fixture);
            fixture.all(someOf(arrows));
            Eventually.await(
                    () -> fixture.executor.stats().recallSamples() == 1,
                    () -> "samples: " + fixture.executor.stats().recallSamples());
            assertEquals(1, fixture.executor.stats().foundRecall());
        }
    }

    private static CollectionId loaded(ExecutorFixture fixture) {
        CollectionId arrows = fixture.create("arrows");
        Stream<Operation> rows = IntStream.range(0, ROWS).mapToObj(i -> ExecutorFixture.add("r" + i, i % 223, i % 227));
        fixture.write(arrows, rows.toList());
        return arrows;
    }

    private static List<Query> someOf(CollectionId collection) {
        return IntStream.range(0, 8)
                .<Query>mapToObj(i -> nearest(collection, 10, i, i + 1))
                .toList();
    }
}
