/**
 * Benchmarks of the inner loops, each run by JMH in a virtual machine of its own.
 *
 * <p>Rows are read in an order that no prefetcher guesses, from so few that a core's cache holds them, or from so many
 * that most are fetched from memory: an index meets both.
 */
@NullMarked
package io.quiver.loadtest.kernel;

import org.jspecify.annotations.NullMarked;
