package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * What a tenant has left of one kind of operation, to be told to its callers.
 *
 * @param limit units that may be used at once after a rest
 * @param remaining units that may be used now, 0 where more was used than there was
 * @param refilled when all of them may be used again, if nothing more comes
 */
public record Allowance(double limit, double remaining, Duration refilled) {}
