package io.quiver.executor.segment;

import io.quiver.log.catalog.Manifest;
import java.io.IOException;

/**
 * Writes one sealed segment, row after row in order of insertion. Belongs to one thread. Closing without
 * {@link #finish} deletes what was written.
 */
public interface SegmentWriter extends AutoCloseable {
    /** Appends the row {@code row} of {@code source}. */
    void append(Segment source, int row) throws IOException;

    /** Makes the segment durable; returns its entry for the manifest. */
    Manifest.Segment finish() throws IOException;

    @Override
    void close() throws IOException;
}
