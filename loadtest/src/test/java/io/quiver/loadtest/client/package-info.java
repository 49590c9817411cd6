/** The stories of the clients that people have, each against a server process of this installation. */
@NullMarked
package io.quiver.loadtest.client;

import org.jspecify.annotations.NullMarked;
