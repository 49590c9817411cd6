/** Every limit of the server met from outside, and callers who are slow, wrong or hostile. */
@NullMarked
package io.quiver.gateway.limits;

import org.jspecify.annotations.NullMarked;
