/**
 * Histories of clients that read and write at once, and whether a server that keeps its promises could have given them.
 */
@NullMarked
package io.quiver.gateway.history;

import org.jspecify.annotations.NullMarked;
