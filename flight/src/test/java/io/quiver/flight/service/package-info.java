/** Tests of the Flight service for callers, on a real catalog, log and executor behind a link. */
@NullMarked
package io.quiver.flight.service;

import org.jspecify.annotations.NullMarked;
