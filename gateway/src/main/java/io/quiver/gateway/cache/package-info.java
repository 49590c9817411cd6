/**
 * Answers that were given before and still hold. The home of Caffeine beside {@code gateway.admission}.
 *
 * <p>Safe on every thread, never waits. Memory: on the heap, bounded by bytes.
 */
@NullMarked
package io.quiver.gateway.cache;

import org.jspecify.annotations.NullMarked;
