package io.quiver.executor.segment;

import io.quiver.executor.filter.Indexed;
import io.quiver.executor.index.Metric;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.List;

/**
 * Where sealed segments live: the seam between one directory and object storage. Calls block, and belong on the threads
 * of the compactor or of the executor's opening.
 */
public interface SegmentStore {
    /** Begins a new segment under a fresh name; nothing of it counts until a manifest names it. */
    SegmentWriter create(CollectionId collection, Metric metric, int dimension, Indexed indexed) throws IOException;

    /** As {@link #create(CollectionId, Metric, int, Indexed)}, with every index. */
    default SegmentWriter create(CollectionId collection, Metric metric, int dimension) throws IOException {
        return create(collection, metric, dimension, Indexed.EVERYTHING);
    }

    /**
     * Opens a published segment with its tombstones; throws {@link CorruptSegmentException} where its files are
     * damaged.
     */
    Segment open(CollectionId collection, Metric metric, int dimension, Manifest.Segment entry) throws IOException;

    /** Writes the rows of a segment that have ended up to {@code through}; returns the name for the manifest. */
    String writeTombstones(CollectionId collection, Segment segment, long through) throws IOException;

    /**
     * Gives {@code to}, which has no files, segments of {@code from} under their own names, without a copy of what lies
     * in them: each of the two deletes its own names alone. Neither tombstones nor a graph that is just being written
     * come with them. Nothing of it counts until a manifest of {@code to} names it. The caller holds a share of each.
     */
    void link(CollectionId from, List<Segment> segments, CollectionId to) throws IOException;

    /** Deletes whatever there is of a collection that nothing names and nobody uses. */
    void discard(CollectionId collection) throws IOException;

    /** Memory to build a graph in, which the caller closes. */
    BuildMemory buildMemory();

    /**
     * Whether so many bytes more may be written, and mapped, only to make something faster: as many have to stay free
     * on the disk.
     */
    boolean hasRoomFor(long bytes) throws IOException;

    /**
     * Puts a graph beside the files of a published segment, durably, in the place of one that it may have; it counts
     * when both it and its calibration are there. The segment uses it after {@link Segment#warm}. The caller holds a
     * share.
     */
    void writeGraph(CollectionId collection, Segment segment, BuiltGraph built) throws IOException;

    /**
     * Notes durably, beside a published segment without a graph, that the best one that was made has this calibration
     * and is not good enough. The caller holds a share.
     */
    void writeRefusal(CollectionId collection, Segment segment, Calibration best) throws IOException;

    /** Deletes every file of the collection that {@code manifest} does not name: what crashes and retirement left. */
    void deleteUnnamed(CollectionId collection, Manifest manifest) throws IOException;

    /** Collections that have files here. */
    List<CollectionId> collections() throws IOException;
}
