/**
 * Standing queries: who watches a collection is told of each write that changes the nearest records of its query.
 *
 * <p>The applying thread leaves a note of each entry about a watched collection, with a view of the collection right
 * after it, in a bounded queue; one thread takes notes in their order and keeps the nearest records of every watch. So
 * the writer never waits, and what a watch is told is what a search at that very offset would have found. Where the
 * queue or a watcher's own is full, changes are left out, and the watcher gets the answer anew instead.
 *
 * <p>{@link io.quiver.executor.watch.Watcher} is the thread and its queue, {@code WatchedCollection} what is known of
 * one collection, {@code Nearest} the candidates of one watch. The executor is seen through
 * {@link io.quiver.executor.watch.WatchSource} and {@link io.quiver.executor.watch.WatchedView}.
 */
@NullMarked
package io.quiver.executor.watch;

import org.jspecify.annotations.NullMarked;
