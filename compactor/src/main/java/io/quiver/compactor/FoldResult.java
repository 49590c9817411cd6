package io.quiver.compactor;

import io.quiver.log.catalog.Manifest;

/** How a fold ended. */
sealed interface FoldResult {
    /** The manifest had it all. */
    record Nothing() implements FoldResult {}

    /** The manifest has been published and adopted. */
    record Published(Manifest manifest, int segmentsFolded, int segmentsWritten, long rowsWritten, long bytesWritten)
            implements FoldResult {}

    /** The collection was dropped meanwhile, or someone else published first. */
    record Superseded() implements FoldResult {}

    /** Nothing of it remains; it will be tried again. */
    record Failed(Throwable failure) implements FoldResult {}
}
