/**
 * Measures indexes against each other: recall against queries a second of processor time, building, memory.
 *
 * <p>All engines that are compared live in one process and are measured in turns, so that a noisy machine hits all
 * alike. Time is the processor time of the one thread that asks: other work of the machine does not count, and neither
 * do collectors of garbage and compilers, which favours engines that leave more to them.
 */
@NullMarked
package io.quiver.loadtest.index;

import org.jspecify.annotations.NullMarked;
