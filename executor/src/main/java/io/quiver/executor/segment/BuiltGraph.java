package io.quiver.executor.segment;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.graph.GraphParameters;
import java.lang.foreign.MemorySegment;

/**
 * A graph that is good enough to be published.
 *
 * @param image as {@link io.quiver.executor.index.graph.GraphBuilder} made it, or
 *     {@link io.quiver.executor.index.graph.CompactBuilder} where that is the form; lent
 * @param parameters it was built with
 */
public record BuiltGraph(
        GraphForm form, MemorySegment image, Metric metric, GraphParameters parameters, Calibration calibration) {}
