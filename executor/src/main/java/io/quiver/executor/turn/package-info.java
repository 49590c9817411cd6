/** Who is next, of tenants that want more than there is: for places at the doors, and for the threads that search. */
@NullMarked
package io.quiver.executor.turn;

import org.jspecify.annotations.NullMarked;
