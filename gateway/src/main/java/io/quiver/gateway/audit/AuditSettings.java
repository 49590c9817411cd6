package io.quiver.gateway.audit;

import java.nio.file.Path;

/**
 * What is written down, and how much of it is kept.
 *
 * @param fileBytesMax a larger file is followed by a new one
 * @param filesMax the oldest files beyond these are dropped
 */
public record AuditSettings(Path directory, Extent extent, long fileBytesMax, int filesMax) {
    /** Each includes the ones before it. */
    public enum Extent {
        /** No log. */
        NOTHING,
        /** Refusals, administration, changes of the catalog, exports. */
        CATALOG,
        /** Also records written. */
        WRITES,
        /** Also reads. */
        EVERYTHING
    }

    public AuditSettings {
        if (fileBytesMax < 1 || filesMax < 2) {
            throw new IllegalArgumentException("an audit log needs files of at least one byte, and at least 2 of them");
        }
    }
}
