package io.quiver.executor.segment;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.BuildWorkers;
import io.quiver.executor.index.graph.CompactBuilder;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** Graphs for tests, with calibrations that nobody measured. */
final class Graphs {
    static final RecallCurve CURVE = new RecallCurve(10, new int[] {10, 100}, new float[] {0.75f, 0.99f});
    static final Calibration CALIBRATION = new Calibration(CURVE, 200, 0.97, 42);

    private Graphs() {}

    static BuiltGraph build(Segment segment, SegmentAllocator memory) {
        MemorySegment image = GraphBuilder.build(
                segment.embeddings(),
                segment.rowCount(),
                segment.index().metric(),
                GraphParameters.DEFAULT,
                BuildWorkers.ONE,
                BuildProgress.NONE,
                memory);
        return new BuiltGraph(GraphForm.ROWS, image, segment.index().metric(), GraphParameters.DEFAULT, CALIBRATION);
    }

    static BuiltGraph compact(Segment segment, SegmentAllocator memory) {
        BuiltGraph rows = build(segment, memory);
        MemorySegment image = CompactBuilder.build(rows.image(), segment.embeddings(), BuildWorkers.ONE, memory);
        return new BuiltGraph(GraphForm.COMPACT, image, rows.metric(), rows.parameters(), CALIBRATION);
    }
}
