package io.quiver.executor;

import io.quiver.executor.segment.CorruptSegmentException;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what manifests name and deletes what none names. Blocks; for the applying thread. */
final class SealedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SealedFiles.class);

    private final SegmentStore store;

    /** What may still be read only to compare checksums. */
    private long verifiableBytes;

    SealedFiles(SegmentStore store, long verifiedBytesMax) {
        this.store = store;
        this.verifiableBytes = verifiedBytesMax;
    }

    /**
     * All of them, or none. Their checksums are compared as long as there are not too many bytes to read; who has more
     * starts all the same, and the scrubber compares the rest.
     */
    List<Segment> open(CollectionShape shape, Manifest manifest) throws IOException {
        List<Segment> opened = new ArrayList<>();
        try {
            for (Manifest.Segment entry : manifest.segments()) {
                opened.add(store.open(shape.id(), shape.metric(), shape.dimension(), entry));
            }
            for (Segment segment : opened) {
                verify(segment);
            }
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.forEach(Segment::release);
            throw failure;
        }
    }

    private void verify(Segment segment) throws IOException {
        verifiableBytes -= segment.sizeBytes();
        if (verifiableBytes >= 0) {
            segment.compareAtOpening();
        }
    }

    /** For people: what is wrong with a collection that cannot be opened. */
    static String reason(Exception failure) {
        return failure instanceof CorruptSegmentException ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    void deleteAll(CollectionId id) {
        deleteUnnamed(id, Manifest.EMPTY);
    }

    void deleteUnnamed(CollectionId id, Manifest manifest) {
        try {
            store.deleteUnnamed(id, manifest);
        } catch (IOException failure) {
            LOG.warn("Files of collection {} that nobody needs remain until the next start", id, failure);
        }
    }

    /** Deletes the files of collections that were dropped while nobody looked. */
    void deleteUnknown(Set<CollectionId> known) {
        try {
            for (CollectionId id : store.collections()) {
                if (!known.contains(id)) {
                    deleteAll(id);
                }
            }
        } catch (IOException failure) {
            LOG.warn("Files of dropped collections cannot be listed", failure);
        }
    }
}
