/**
 * Is it true, and how fast? The commands {@code bench} and {@code demo}: they meet a server only through its doors.
 *
 * <p>Load comes from platform threads, one a connection, each with its own socket; latencies are recorded without
 * coordinated omission.
 */
@NullMarked
package io.quiver.loadtest;

import org.jspecify.annotations.NullMarked;
