/**
 * What is measured: a server behind one of its doors. A door may be shared; a {@code Session} belongs to one thread.
 */
@NullMarked
package io.quiver.loadtest.door;

import org.jspecify.annotations.NullMarked;
