package io.quiver.gateway.admission;

/**
 * A tenant and what has been done for it.
 *
 * @param seconds for which its work was under way; two pieces at a time count twice
 */
public record BusyTenant(String tenant, double seconds) {}
