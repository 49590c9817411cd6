package io.quiver.compactor;

import io.quiver.compactor.CompactionStats.Progress;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the compactor does and did. The compacting thread counts; any thread reads. */
final class CompactionCounters {
    private final LongAdder folds = new LongAdder();
    private final LongAdder superseded = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder segmentsFolded = new LongAdder();
    private final LongAdder segmentsWritten = new LongAdder();
    private final LongAdder rowsWritten = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private volatile @Nullable Progress running;
    private volatile @Nullable String lastFailure;
    private volatile LogOffset truncatedThrough = LogOffset.NONE;

    void running(@Nullable Progress progress) {
        running = progress;
    }

    void ended(FoldResult result) {
        switch (result) {
            case FoldResult.Nothing() -> {}
            case FoldResult.Superseded() -> superseded.increment();
            case FoldResult.Failed(var failure) -> failed(failure);
            case FoldResult.Published published -> {
                folds.increment();
                segmentsFolded.add(published.segmentsFolded());
                segmentsWritten.add(published.segmentsWritten());
                rowsWritten.add(published.rowsWritten());
                bytesWritten.add(published.bytesWritten());
            }
        }
    }

    void failed(Throwable failure) {
        failures.increment();
        lastFailure = failure.toString();
    }

    void truncated(LogOffset through) {
        truncatedThrough = through;
    }

    CompactionStats stats(Duration pause, CompactionStats.Graphs graphs) {
        return new CompactionStats(
                running,
                folds.sum(),
                superseded.sum(),
                failures.sum(),
                lastFailure,
                segmentsFolded.sum(),
                segmentsWritten.sum(),
                rowsWritten.sum(),
                bytesWritten.sum(),
                pause,
                truncatedThrough,
                graphs);
    }
}
