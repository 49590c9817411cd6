package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.index.RecallCurve;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fewer graphs are not worth worse answers. */
class KeptRecallTest {
    @TempDir
    Path directory;

    @Test
    void aGraphThatFindsLessAtItsBestThanTheOnesBeforeIsLeft() throws IOException {
        try (CompactorFixture system = CompactorFixture.openWithGraphs(
                new SimulatedStorage(), directory, ExecutorFixture.smallDeltas(1_000))) {
            CollectionId arrows = system.quiver.create("arrows");
            List<Operation> operations = IntStream.range(0, 200)
                    .mapToObj(i -> ExecutorFixture.upsert("r" + i, i))
                    .toList();
            system.quiver.write(arrows, operations);
            system.compact(arrows);
            system.awaitGraphs();
            SegmentLoad load =
                    system.quiver.executor.debts().getFirst().segments().getFirst();
            try (HeldSegments held =
                    system.quiver.executor.hold(arrows, Set.of(load.name())).orElseThrow()) {
                float[] before =
                        held.segments().getFirst().index().recallCurve().recalls();
                float best = before[before.length - 1];
                KeptRecall judge = new KeptRecall(held.segments());
                assertInstanceOf(GraphResult.Worse.class, judge.apply(built(best - 0.02f)));
                assertInstanceOf(GraphResult.Built.class, judge.apply(built(best - 0.01f)));
                assertEquals(new GraphResult.Unneeded(), judge.apply(new GraphResult.Unneeded()));
                assertEquals(100, held.segments().getFirst().graphEfConstruction());
            }
        }
    }

    private static GraphResult built(float best) {
        return new GraphResult.Built(new RecallCurve(10, new int[] {10, 400}, new float[] {0.5f, best}), true);
    }
}
