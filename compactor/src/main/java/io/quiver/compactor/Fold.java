package io.quiver.compactor;

import io.quiver.executor.CollectionShape;
import io.quiver.executor.CompactionSource;
import io.quiver.executor.FoldInput;
import io.quiver.executor.RowsInOrder;
import io.quiver.executor.segment.ReadPace;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.executor.segment.SegmentWriter;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One fold of one collection: writes the plan's rows in order of insertion into a new segment and the tombstones of the
 * others, publishes the manifest, has it adopted.
 *
 * <p>Nothing counts before the manifest is published; what a crash leaves until then is named by no manifest, and is
 * deleted when the collection is opened again.
 */
final class Fold {
    /** Rows between two reports of progress, and between two looks at whether to go on. */
    private static final int REPORT_ROWS = 1_024;

    private final CompactionSource source;
    private final Catalog catalog;
    private final SegmentStore store;
    private final FoldInput input;
    private final FoldPlan plan;
    private final LongConsumer progress;

    /** @param progress is told the rows written so far; may throw, to give the fold up */
    Fold(
            CompactionSource source,
            Catalog catalog,
            SegmentStore store,
            FoldInput input,
            FoldPlan plan,
            LongConsumer progress) {
        this.source = source;
        this.catalog = catalog;
        this.store = store;
        this.input = input;
        this.plan = plan;
        this.progress = progress;
    }

    FoldResult run() throws IOException {
        if (plan.isEmpty() && !input.through().isAfter(input.manifest().compactedOffset())) {
            return new FoldResult.Nothing();
        }
        List<Manifest.Segment> entries = keptEntries();
        Optional<Manifest.Segment> fresh = write();
        fresh.ifPresent(entries::add);
        Manifest next = new Manifest(input.manifest().version() + 1, input.through(), entries);
        return publish(next, open(fresh)) ? published(next, fresh) : new FoldResult.Superseded();
    }

    private List<Manifest.Segment> keptEntries() throws IOException {
        List<Manifest.Segment> entries = new ArrayList<>();
        for (FoldPlan.Kept kept : plan.kept()) {
            entries.add(kept.hasNewTombstones() ? withTombstones(kept) : kept.entry());
        }
        return entries;
    }

    private Manifest.Segment withTombstones(FoldPlan.Kept kept) throws IOException {
        Manifest.Segment entry = kept.entry();
        String tombstones = store.writeTombstones(
                input.shape().id(), kept.segment(), input.through().value());
        return new Manifest.Segment(entry.name(), entry.rowCount(), entry.sizeBytes(), tombstones, kept.endedCount());
    }

    /** Empty where no row lives. What is damaged is not written again under a checksum that is right. */
    private Optional<Manifest.Segment> write() throws IOException {
        new Integrity(source).require(input.shape().id(), plan.written(), ReadPace.UNBOUNDED);
        RowsInOrder rows = input.rows(plan.written());
        if (!rows.advance()) {
            return Optional.empty();
        }
        CollectionShape shape = input.shape();
        try (SegmentWriter writer = store.create(shape.id(), shape.metric(), shape.dimension(), shape.indexed())) {
            long written = 0;
            do {
                writer.append(rows.segment(), rows.row());
                if (++written % REPORT_ROWS == 0) {
                    progress.accept(written);
                }
            } while (rows.advance());
            return Optional.of(writer.finish());
        }
    }

    private List<Segment> open(Optional<Manifest.Segment> fresh) throws IOException {
        if (fresh.isEmpty()) {
            return List.of();
        }
        CollectionShape shape = input.shape();
        return List.of(store.open(shape.id(), shape.metric(), shape.dimension(), fresh.get()));
    }

    /** Where publishing fails nobody knows whether it happened: the files stay for the next opening to judge. */
    private boolean publish(Manifest next, List<Segment> opened) {
        boolean isPublished;
        try {
            isPublished = Publication.publish(catalog, input.shape().id(), next);
        } catch (RuntimeException failure) {
            opened.forEach(Segment::release);
            throw failure;
        }
        if (isPublished) {
            source.adopt(input, next, opened).block();
        } else {
            opened.forEach(Fold::discard);
        }
        return isPublished;
    }

    private static void discard(Segment segment) {
        segment.retire();
        segment.release();
    }

    private FoldResult published(Manifest manifest, Optional<Manifest.Segment> fresh) {
        return new FoldResult.Published(
                manifest,
                plan.written().size(),
                fresh.isPresent() ? 1 : 0,
                fresh.map(Manifest.Segment::rowCount).orElse(0),
                fresh.map(Manifest.Segment::sizeBytes).orElse(0L));
    }
}
