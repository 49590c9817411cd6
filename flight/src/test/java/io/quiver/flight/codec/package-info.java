/** Tests of what is read from outside. */
@NullMarked
package io.quiver.flight.codec;

import org.jspecify.annotations.NullMarked;
