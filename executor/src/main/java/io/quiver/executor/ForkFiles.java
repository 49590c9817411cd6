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
 * The files of one fork: sealed segments of the source are linked, with tombstones as of the fork's offset; what the
 * source has in deltas is written into one segment more. Blocks; for one thread, which holds the snapshot.
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
        List<Linked> linked = linked();
        store.link(source.id(), linked.stream().map(Linked::segment).toList(), fork);
        List<Manifest.Segment> entries = new ArrayList<>();
        for (Linked segment : linked) {
            entries.add(withTombstones(segment));
        }
        writeDeltas().ifPresent(entries::add);
        return new Manifest(1, held.offset(), entries);
    }

    /** A segment with its entry at the source, and its rows that have ended by the fork's offset. */
    private record Linked(Segment segment, Manifest.Segment entry, int ended) {}

    /** Those of which a row lives. */
    private List<Linked> linked() {
        List<Linked> linked = new ArrayList<>();
        for (Manifest.Segment entry : held.segments().manifest().segments()) {
            Segment segment = held.segments().sealedNamed(entry.name());
            long live = ViewPart.sealed(segment, held.offset()).countLive(null);
            if (live > 0) {
                linked.add(new Linked(segment, entry, (int) (entry.rowCount() - live)));
            }
        }
        return linked;
    }

    private Manifest.Segment withTombstones(Linked linked) throws IOException {
        Manifest.Segment entry = linked.entry;
        String tombstones = linked.ended == 0
                ? null
                : store.writeTombstones(fork, linked.segment, held.offset().value());
        return new Manifest.Segment(entry.name(), entry.rowCount(), entry.sizeBytes(), tombstones, linked.ended);
    }

    /** Empty where no row of a delta lives. */
    private Optional<Manifest.Segment> writeDeltas() throws IOException {
        List<ViewPart> deltas = held.deltaParts();
        RowsInOrder rows = new RowsInOrder(deltas, Collections.nCopies(deltas.size(), null));
        if (!rows.advance()) {
            return Optional.empty();
        }
        try (SegmentWriter writer = store.create(fork, source.metric(), source.dimension(), source.indexed())) {
            do {
                writer.append(rows.segment(), rows.row());
            } while (rows.advance());
            return Optional.of(writer.finish());
        }
    }
}
