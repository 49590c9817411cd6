/**
 * Texts as sparse vectors: which words are in a text, and how much each weighs in it.
 *
 * <p><b>Threads.</b> Everything is safe on every thread; analysers keep a little scratch space for each. <b>Memory.</b>
 * A few times the text while it is read.
 */
@NullMarked
package io.quiver.executor.text;

import org.jspecify.annotations.NullMarked;
