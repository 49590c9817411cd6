package io.quiver.compactor.backup;

import io.quiver.log.record.LogOffset;
import java.time.Instant;

/** Up to where a directory is restored. */
public sealed interface RestorePoint {
    /** All that the backup has. */
    record End() implements RestorePoint {}

    /** Everything up to a log offset, nothing after. */
    record Offset(LogOffset offset) implements RestorePoint {}

    /** Everything before the first write after a time. */
    record Time(Instant time) implements RestorePoint {}
}
