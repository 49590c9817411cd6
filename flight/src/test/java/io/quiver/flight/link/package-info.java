/** Tests of the link, over both transports. */
@NullMarked
package io.quiver.flight.link;

import org.jspecify.annotations.NullMarked;
