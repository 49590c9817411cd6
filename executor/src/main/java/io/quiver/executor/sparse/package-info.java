/**
 * Which records have the sparse vectors that are most like a given one? Exact answers from postings.
 *
 * <p><b>Threads.</b> An index is safe on every thread; a search belongs to one.
 */
@NullMarked
package io.quiver.executor.sparse;

import org.jspecify.annotations.NullMarked;
