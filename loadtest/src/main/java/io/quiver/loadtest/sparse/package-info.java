/** Measures how the nearest sparse vectors of a sealed segment are found. */
@NullMarked
package io.quiver.loadtest.sparse;

import org.jspecify.annotations.NullMarked;
