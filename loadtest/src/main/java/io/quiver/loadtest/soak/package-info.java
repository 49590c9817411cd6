/** An hour of everything at once, and what it does to a server's memory. */
@NullMarked
package io.quiver.loadtest.soak;

import org.jspecify.annotations.NullMarked;
