package io.quiver.executor;

import io.quiver.log.record.LogOffset;

/**
 * Why a collection cannot answer.
 *
 * @param neededAfter the log after it is kept, for the day when the collection is repaired
 */
record Damage(String reason, LogOffset neededAfter) {}
