/** What is told of single requests: whose trace they belong to, and where the time of slow ones went. */
@NullMarked
package io.quiver.gateway.trace;

import org.jspecify.annotations.NullMarked;
