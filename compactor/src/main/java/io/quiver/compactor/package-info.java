/**
 * How does it stay fast? Folds the log and old segments into new sealed segments, publishes them, and lets the log
 * forget what they hold; then builds the graphs of those that are large, and proves their recall.
 *
 * <p><b>Threads.</b> One thread of low priority does all folding, another leads the building of graphs with a few
 * helpers; both may block, nothing else here waits. <b>Memory.</b> Segments that are folded or given a graph are held
 * for that time and given back, whatever happens; new ones are handed to the executor. A graph is built in memory that
 * the segments' budget counts.
 */
@NullMarked
package io.quiver.compactor;

import org.jspecify.annotations.NullMarked;
