/** Fixtures of the Flight tests: an executor that scans a list. */
@NullMarked
package io.quiver.flight;

import org.jspecify.annotations.NullMarked;
