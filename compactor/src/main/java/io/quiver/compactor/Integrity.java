package io.quiver.compactor;

import io.quiver.executor.CompactionSource;
import io.quiver.executor.segment.CorruptSegmentException;
import io.quiver.executor.segment.ReadPace;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.List;

/**
 * Whether segments are what was written. What is damaged must neither be answered from nor be written again under a
 * checksum that is right: its collection is stopped. Safe on every thread.
 */
final class Integrity {
    private final CompactionSource source;

    Integrity(CompactionSource source) {
        this.source = source;
    }

    /** Reads the files of segments of a collection, of which the caller holds a share. Blocks. */
    void require(CollectionId collection, List<Segment> segments, ReadPace pace) throws IOException {
        try {
            for (Segment segment : segments) {
                segment.compareChecksums(pace);
            }
        } catch (CorruptSegmentException damage) {
            source.stop(collection, String.valueOf(damage.getMessage())).block();
            throw damage;
        } catch (InternalError unreadable) {
            // So the virtual machine says that the disk does not give a page of a mapped file.
            source.stop(collection, "a file cannot be read: " + unreadable.getMessage())
                    .block();
            throw new CorruptSegmentException(collection.toString(), "a file cannot be read", unreadable);
        }
    }
}
