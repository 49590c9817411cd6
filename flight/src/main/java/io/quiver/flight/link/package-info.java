/**
 * The link between those who ask and the executor that answers: one long-lived Flight exchange that carries queries one
 * way and hits the other, as Arrow batches.
 *
 * <p>Queries that wait while a message is under way travel together in the next, so a lone query does not wait and a
 * flood is amortised. The same classes serve both transports. Both ends are of one version and trust each other.
 *
 * <p><b>Threads.</b> A message is written by whoever finds something to send and nobody sending; each end reads on a
 * virtual thread of its own. <b>Memory.</b> Each end has a child of its {@link io.quiver.flight.FlightMemory}.
 */
@NullMarked
package io.quiver.flight.link;

import org.jspecify.annotations.NullMarked;
