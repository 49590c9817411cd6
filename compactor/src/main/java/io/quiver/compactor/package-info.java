/**
 * How does it stay fast? Folds the log and old segments into new sealed segments, publishes them, and lets the log forget
 * what they hold.
 *
 * <p><b>Threads.</b> One thread of low priority does all folding and may block; nothing else here waits. <b>Memory.</b>
 * Segments that are folded are held for the time of one fold and given back, whatever happens; new ones are handed to the
 * executor.
 */
@NullMarked
package io.quiver.compactor;

import org.jspecify.annotations.NullMarked;
