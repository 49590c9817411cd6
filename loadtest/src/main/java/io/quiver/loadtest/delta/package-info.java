/** Measures how fresh records are appended and searched: by their codes, and one by one. */
@NullMarked
package io.quiver.loadtest.delta;

import org.jspecify.annotations.NullMarked;
