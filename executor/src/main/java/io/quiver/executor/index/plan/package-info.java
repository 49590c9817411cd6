/**
 * Which way a segment is searched: along its graph, or row by row. A cost model decides, whose constants are measured
 * when the process starts.
 *
 * <p><b>Threads.</b> {@link io.quiver.executor.index.plan.PlannedIndex} is safe on every thread; a choice is made for
 * each search anew and kept nowhere. <b>Memory.</b> The measurement takes some outside the heap and gives it back.
 */
@NullMarked
package io.quiver.executor.index.plan;

import org.jspecify.annotations.NullMarked;
