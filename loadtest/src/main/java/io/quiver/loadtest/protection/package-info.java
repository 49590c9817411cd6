/** What it costs to ask who calls, and how much of what it asks it may have. */
@NullMarked
package io.quiver.loadtest.protection;

import org.jspecify.annotations.NullMarked;
