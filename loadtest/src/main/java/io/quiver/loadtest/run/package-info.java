/** Load: closed loops that go as fast as answers come, open loops that keep a rate whatever the answers do. */
@NullMarked
package io.quiver.loadtest.run;

import org.jspecify.annotations.NullMarked;
