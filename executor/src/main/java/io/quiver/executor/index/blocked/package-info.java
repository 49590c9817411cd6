/**
 * Search of rows by short codes that lie in blocks: for fresh rows, and for segments too small for a graph.
 *
 * <p>{@link io.quiver.executor.index.blocked.BlockedCodes} are the codes of a growing list of rows, made by whoever
 * appends; {@link io.quiver.executor.index.blocked.BlockedIndex} scans them, and computes exact distances only of rows
 * whose codes say that they may be among the nearest.
 *
 * <p><b>Threads.</b> One thread appends, any number search at the same time. <b>Memory.</b> Outside the heap, from an
 * allocator that the segment lends: about an eighth of a byte a dimension and four bytes a row.
 */
@NullMarked
package io.quiver.executor.index.blocked;

import org.jspecify.annotations.NullMarked;
