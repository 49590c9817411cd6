package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.executor.segment.SegmentWriter;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The files of one fork: sealed segments of the source are linked, with tombstones as of the fork's offset; what the source
 * has in deltas is written into one segment more. Blocks; for one thread, which holds the snapshot.
 */
final class ForkFiles {
    private final SegmentStore store;
    private final CollectionShape source;
    private final Snapshot held;
    private final CollectionId fork;

    ForkFiles(SegmentStore store, CollectionShape source, Snapshot held, CollectionId fork) {
        this.store = store;
        this.source = source;
        this.held = held;
        this.fork = fork;
    }

    /** Returns the manifest of the fork, which nobody knows yet. */
    Manifest write() throws IOException {
        List<Manifest.Segment> entries = new ArrayList<>();
        for (Manifest.Segment entry : held.segments().manifest().segments()) {
            link(entry).ifPresent(entries::add);
        }
        writeDeltas().ifPresent(entries::add);
        return new Manifest(1, held.offset(), entries);
    }

    /** Empty where no row of the segment lives. */
    private Optional<Manifest.Segment> link(Manifest.Segment entry) throws IOException {
        Segment segment = held.segments().sealedNamed(entry.name());
        int ended =
                entry.rowCount() - (int) ViewPart.sealed(segment, held.offset()).countLive(null);
        if (ended == entry.rowCount()) {
            return Optional.empty();
        }
        store.link(source.id(), segment, fork);
        String tombstones = ended == 0
                ? null
                : store.writeTombstones(fork, segment, held.offset().value());
        return Optional.of(new Manifest.Segment(entry.name(), entry.rowCount(), entry.sizeBytes(), tombstones, ended));
    }

    /** Empty where no row of a delta lives. */
    private Optional<Manifest.Segment> writeDeltas() throws IOException {
        List<ViewPart> deltas = held.deltaParts();
        RowsInOrder rows = new RowsInOrder(deltas, Collections.nCopies(deltas.size(), null));
        if (!rows.advance()) {
            return Optional.empty();
        }
        try (SegmentWriter writer = store.create(fork, source.metric(), source.dimension())) {
            do {
                writer.append(rows.segment(), rows.row());
            } while (rows.advance());
            return Optional.of(writer.finish());
        }
    }
}
