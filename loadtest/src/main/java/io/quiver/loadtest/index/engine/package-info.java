/**
 * The indexes that are compared, each behind {@link io.quiver.loadtest.index.engine.Engine}: Quiver's own and those of
 * other libraries of this machine's language, as well configured as their documentation allows.
 *
 * <p><b>Threads.</b> An engine is built and searched by one thread at a time, unless it is told to build with more.
 * <b>Memory.</b> A built index owns its memory and files until it is closed; a {@link
 * io.quiver.loadtest.index.engine.Corpus} lends the vectors.
 */
@NullMarked
package io.quiver.loadtest.index.engine;

import org.jspecify.annotations.NullMarked;
