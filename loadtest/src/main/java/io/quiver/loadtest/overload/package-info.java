/** What a server does with more than it can do. */
@NullMarked
package io.quiver.loadtest.overload;

import org.jspecify.annotations.NullMarked;
