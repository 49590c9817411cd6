/** Filters, measured through HTTP: what a server works for one, alone and with an embedding. */
@NullMarked
package io.quiver.loadtest.filter;

import org.jspecify.annotations.NullMarked;
