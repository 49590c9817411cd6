/**
 * Does a server keep what it acknowledged? Writers that remember every acknowledgement, kills and power cuts at random
 * moments, and a reader that compares what is there with what was promised.
 */
@NullMarked
package io.quiver.loadtest.torture;

import org.jspecify.annotations.NullMarked;
