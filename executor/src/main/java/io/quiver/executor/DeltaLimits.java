package io.quiver.executor;

import java.time.Duration;

/**
 * When a delta segment is full, and what becomes of writes while full ones wait for the compactor.
 *
 * @param rowsMax rows after which one is sealed
 * @param bytesMax bytes of records, about, after which one is sealed
 * @param waitingSoft sealed ones of one collection that may wait before writes are slowed
 * @param waitingMax sealed ones of one collection at which writes are refused
 * @param writeDelayMax the longest that a write is slowed
 */
public record DeltaLimits(int rowsMax, long bytesMax, int waitingSoft, int waitingMax, Duration writeDelayMax) {
    public static final DeltaLimits DEFAULT = new DeltaLimits(65_536, 256L << 20, 2, 4, Duration.ofMillis(500));

    public DeltaLimits {
        AtLeastOne.require("rowsMax", rowsMax);
        AtLeastOne.require("bytesMax", bytesMax);
        AtLeastOne.require("waitingSoft", waitingSoft);
        if (waitingMax <= waitingSoft) {
            throw new IllegalArgumentException(
                    "waitingMax (%d) must be greater than waitingSoft (%d)".formatted(waitingMax, waitingSoft));
        }
    }

    DeltaLimits withMax(int rows, long bytes) {
        return new DeltaLimits(rows, bytes, waitingSoft, waitingMax, writeDelayMax);
    }
}
