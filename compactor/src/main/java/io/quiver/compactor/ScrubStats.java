package io.quiver.compactor;

/**
 * A scrubber in figures; counters run since it was started.
 *
 * @param rounds readings of everything that have ended
 * @param bytes that were read
 * @param damaged collections that were found damaged
 * @param damagedLog places of the log that were found damaged, at each reading
 */
public record ScrubStats(long rounds, long bytes, long damaged, long damagedLog) {}
