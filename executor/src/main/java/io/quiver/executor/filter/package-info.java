/**
 * Which records does a filter accept? By Lucene in sealed segments, by looking in delta segments. The home of Lucene.
 *
 * <p>{@link FilterMatcher} says what a filter means, record by record. The two indexes answer the same for all rows of
 * a segment: {@link DeltaFilterIndex} looks at each row once and remembers, {@link SealedFilterIndex} asks posting
 * lists and looks only at documents that they cannot decide.
 *
 * <p><b>Threads.</b> Everything may be used by many threads, except {@link FilterIndexWriter}, which belongs to one.
 * <b>Memory.</b> Answers are bit sets on the heap, a bounded number of them remembered; index files are mapped, by an
 * arena that the open index owns.
 */
@NullMarked
package io.quiver.executor.filter;

import org.jspecify.annotations.NullMarked;
