/** What bulk loads and searches could be, were there no door in between: log, delta and index in this process. */
@NullMarked
package io.quiver.loadtest.bulk;

import org.jspecify.annotations.NullMarked;
