/**
 * May they? Token buckets in cost units for each tenant and kind of operation, and a bound on the requests in flight.
 *
 * <p>Everything here is safe on every thread and never waits: one compare-and-set admits a request, so event loops call
 * it directly. Memory: eight bytes and a key for each tenant seen lately, bounded.
 */
@NullMarked
package io.quiver.gateway.admission;

import org.jspecify.annotations.NullMarked;
