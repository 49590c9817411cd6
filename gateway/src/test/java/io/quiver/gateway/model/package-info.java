/**
 * The server, whole and through HTTP, beside a model of it that is nothing but maps: whatever is done to both, they
 * answer the same. The model shares no code with the server: it is written from the contract, and reads JSON as a
 * caller does.
 */
@NullMarked
package io.quiver.gateway.model;

import org.jspecify.annotations.NullMarked;
