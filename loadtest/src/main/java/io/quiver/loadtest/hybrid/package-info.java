/** Records that have a dense and a sparse vector each, searched by both. */
@NullMarked
package io.quiver.loadtest.hybrid;

import org.jspecify.annotations.NullMarked;
