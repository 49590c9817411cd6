package io.quiver.executor.segment;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.BuildWorkers;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphParameters;
import java.lang.foreign.MemorySegment;

/** Graphs for tests, with calibrations that nobody measured. */
final class Graphs {
    static final RecallCurve CURVE = new RecallCurve(10, new int[] {10, 100}, new float[] {0.75f, 0.99f});
    static final Calibration CALIBRATION = new Calibration(CURVE, 200, 0.97, 42);

    private Graphs() {}

    static BuiltGraph build(Segment segment, HotMemory memory) {
        MemorySegment image = GraphBuilder.build(
                segment.embeddings(),
                segment.rowCount(),
                segment.index().metric(),
                GraphParameters.DEFAULT,
                BuildWorkers.ONE,
                BuildProgress.NONE,
                memory);
        return new BuiltGraph(image, segment.index().metric(), GraphParameters.DEFAULT, CALIBRATION);
    }
}
