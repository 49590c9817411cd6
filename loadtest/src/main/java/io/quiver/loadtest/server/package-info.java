/** A server process of this installation, started, killed and started again as a person would do it. */
@NullMarked
package io.quiver.loadtest.server;

import org.jspecify.annotations.NullMarked;
