/**
 * Distances and nearest rows: arithmetic over rows of floats outside the heap. Knows the JDK alone.
 *
 * <p>Nothing here owns memory: rows are lent by segments for the time of a call. A search runs on one thread.
 */
@NullMarked
package io.quiver.executor.index;

import org.jspecify.annotations.NullMarked;
