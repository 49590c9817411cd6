/**
 * Regular expressions over documents, in linear time whatever the expression: the home of RE2/J.
 *
 * <p>The syntax is RE2's, which is Rust's but for details: no look-around, no back-references; {@code \d}, {@code \s}
 * and {@code \w} are ASCII here. Values on the heap, safe on every thread.
 */
@NullMarked
package io.quiver.executor.regex;

import org.jspecify.annotations.NullMarked;
