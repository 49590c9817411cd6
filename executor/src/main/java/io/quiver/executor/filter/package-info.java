/** Which records does a filter accept? By Lucene in sealed segments, by looking in delta segments. The home of Lucene's filters, Roaring and RE2. */
@NullMarked
package io.quiver.executor.filter;

import org.jspecify.annotations.NullMarked;
