/**
 * Very many small requests from few threads: what the client spends is missing to the server on the same machine, so
 * requests are laid out beforehand, and connections share a thread.
 */
@NullMarked
package io.quiver.loadtest.swarm;

import org.jspecify.annotations.NullMarked;
