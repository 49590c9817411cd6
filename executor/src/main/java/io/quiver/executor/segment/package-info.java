/** Segments: how records lie in memory and on disk, and how they are found again. */
@NullMarked
package io.quiver.executor.segment;

import org.jspecify.annotations.NullMarked;
