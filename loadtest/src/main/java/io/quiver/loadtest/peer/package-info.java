/** The HTTP server that does nothing: what is left of it when a server has answered is what that server cost. */
@NullMarked
package io.quiver.loadtest.peer;

import org.jspecify.annotations.NullMarked;
