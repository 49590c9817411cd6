/** How log lines look and where they go: one line each on standard error, JSON unless a person is watching. */
@NullMarked
package io.quiver.gateway.server.logging;

import org.jspecify.annotations.NullMarked;
