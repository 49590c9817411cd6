/**
 * One process: the command line, the wiring of all parts, their start and their stop. The only package that sees the
 * compactor.
 *
 * <p><b>Threads.</b> The main thread starts everything and then waits; SIGTERM stops everything on a thread of the
 * virtual machine's. <b>Memory.</b> Nothing of its own: each part is closed by {@code QuiverServer}, which opened it,
 * in the opposite order.
 */
@NullMarked
package io.quiver.gateway.server;

import org.jspecify.annotations.NullMarked;
