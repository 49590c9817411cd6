/**
 * The Flight door from outside: bulk load and bulk search for Java programs, without Arrow in their signatures.
 *
 * <p>A {@link BulkClient} may be shared; a {@link BulkLoader} or {@link BulkSearcher} is one stream and belongs to one
 * thread. Buffers outside the heap belong to the client that made them and are freed when it is closed.
 */
@NullMarked
package io.quiver.flight.client;

import org.jspecify.annotations.NullMarked;
