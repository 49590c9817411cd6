/** What durability costs: small writes that are answered when they are forced. */
@NullMarked
package io.quiver.loadtest.write;

import org.jspecify.annotations.NullMarked;
