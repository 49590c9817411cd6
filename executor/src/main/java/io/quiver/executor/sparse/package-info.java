/**
 * Which records have the sparse vectors that are most like a given one? Estimates of all from codes, in postings by
 * term; exact answers from the vectors of those records that the estimates leave.
 *
 * <p><b>Threads.</b> An index is safe on every thread; a search belongs to one.
 */
@NullMarked
package io.quiver.executor.sparse;

import org.jspecify.annotations.NullMarked;
