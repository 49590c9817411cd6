/**
 * What can be asked of an executor and what it answers: immutable values, checked when they are made; filters from
 * JSON.
 */
@NullMarked
package io.quiver.executor.query;

import org.jspecify.annotations.NullMarked;
