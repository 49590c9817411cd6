/**
 * A graph of neighbours whose node row holds short codes of the node's neighbours, so that one read scores all of them.
 *
 * <p>{@link io.quiver.executor.index.graph.GraphBuilder} makes an image, one block of memory that is written to a file
 * as it is; {@link io.quiver.executor.index.graph.GraphIndex} searches it wherever it lies.
 *
 * <p><b>Threads.</b> An image never changes once it is built. <b>Memory.</b> Outside the heap, lent by the segment that
 * owns it.
 */
@NullMarked
package io.quiver.executor.index.graph;

import org.jspecify.annotations.NullMarked;
