/**
 * Who asks, and may they? Credentials, roles and scopes, and the one table of what each route and Flight call needs.
 *
 * <p>A {@link io.quiver.gateway.auth.Gatekeeper} turns the credential of a request into a
 * {@link io.quiver.gateway.auth.Caller} before anything of its body is read; {@link io.quiver.gateway.auth.AccessTable}
 * says which {@link io.quiver.gateway.auth.Permission} an operation needs, and where; the caller's grants decide. What
 * lies outside of a caller's scope is answered as if it were not there, without a look at whether it is.
 *
 * <p>Everything that a request meets is safe on every thread and answers from memory, so event loops call it directly.
 * Files are read by one thread that looks for changes.
 */
@NullMarked
package io.quiver.gateway.auth;

import org.jspecify.annotations.NullMarked;
