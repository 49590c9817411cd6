package io.quiver.executor;

import io.quiver.executor.segment.CorruptSegmentException;
import io.quiver.executor.segment.Segment;
import io.quiver.log.LogGap;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what manifests name when a server starts, one collection after the other: what is wrong with one is said of
 * that one.
 */
final class CollectionOpening {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionOpening.class);

    private final SealedFiles files;
    private final LogOffset logHead;
    private final LostEntries lost;

    /** What became of a collection. */
    sealed interface Opened {
        /** Nothing of it is in segments. */
        record Empty() implements Opened {}

        /** The segments of its manifest, owned by whoever asked. */
        record Sound(CollectionShape shape, List<Segment> segments) implements Opened {}

        /** Its answers would be wrong, or there is nothing to answer from. */
        record Damaged(Damage damage) implements Opened {}
    }

    /** @param lost what of the log nobody can read */
    CollectionOpening(SealedFiles files, LogOffset logHead, LostEntries lost) {
        this.files = files;
        this.logHead = logHead;
        this.lost = lost;
    }

    /** Deletes what the manifest does not name, and opens what it does. Blocks. */
    Opened open(Collection collection, Manifest manifest) {
        files.deleteUnnamed(collection.id(), manifest);
        try {
            requireLogThrough(manifest.compactedOffset());
            requireEntries(lost.of(collection.id(), manifest.compactedOffset()));
            if (collection.dimension() == null || manifest.version() == 0) {
                return new Opened.Empty();
            }
            CollectionShape shape = CollectionShape.of(collection);
            return new Opened.Sound(shape, files.open(shape, manifest));
        } catch (IOException | RuntimeException failure) {
            LOG.error("Collection {} ({}) is damaged", collection.name(), collection.id(), failure);
            return new Opened.Damaged(new Damage(SealedFiles.reason(failure), manifest.compactedOffset()));
        }
    }

    /**
     * A log that ends earlier has lost files: it would give offsets a second time, to entries that would then be
     * skipped.
     */
    private void requireLogThrough(LogOffset compacted) throws IOException {
        if (compacted.isAfter(logHead)) {
            throw new CorruptSegmentException(
                    "log",
                    "it ends at offset %s, but segments reach %s: files are missing".formatted(logHead, compacted));
        }
    }

    private static void requireEntries(Optional<LogGap> gap) throws IOException {
        if (gap.isPresent()) {
            throw new CorruptSegmentException("log", gap.get().reason());
        }
    }
}
