package io.quiver.executor.segment;

import io.quiver.executor.filter.FilterIndex;
import io.quiver.executor.filter.RowSource;
import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.sparse.SparseIndex;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A searchable set of records, each a row. Rows never change; a record that is written again gets a new row, in this
 * segment or a later one, and its old row is marked in {@link #tombstones} with the log offset at which it ended.
 *
 * <p>Safe to read on many threads, between a successful {@link #retain} and its {@link #release}: the segment's memory
 * is freed when it has been released once more than it was retained (its maker holds it from the start).
 */
public interface Segment extends RowSource {
    /** Names a sealed segment's files; a delta's is for people only. */
    String name();

    int rowCount();

    /**
     * Position of the row's record in the order of insertion: that of the operation that first inserted it. Updates
     * keep it; a record deleted and added again has a new one.
     */
    long insertion(int row);

    /** The log offset that wrote this row. */
    LogOffset writtenAt(int row);

    Embedding embedding(int row);

    /**
     * Asks memory for a row's record, so that those of several come side by side. What is returned says nothing, and is
     * for the caller to keep: reading that nobody uses would be left out.
     */
    default long touch(int row) {
        return 0;
    }

    @Nullable String uri(int row);

    default VectorRecord record(int row) {
        return new VectorRecord(id(row), embedding(row), document(row), uri(row), metadata(row));
    }

    /** The embeddings where they lie, lent for as long as the caller holds a share. */
    EmbeddingRows embeddings();

    /** What to search with now. A sealed segment gets a faster one later: who begins with one goes on with it. */
    VectorIndex index();

    /** Whether {@link #index} is a graph. */
    default boolean hasGraph() {
        return false;
    }

    /** The recall that a graph of these rows can have: less than 1 where one was made and refused. */
    default float graphRecallMax() {
        return 1;
    }

    /** The beam that its graph was built with; 0 where there is none. */
    default int graphEfConstruction() {
        return 0;
    }

    /**
     * The graph, every checksum compared, to make another one of it; empty where there is none that is whole. Blocks
     * for as long as it takes to read it. Lent for as long as the caller holds a share.
     */
    default Optional<GraphIndex> wholeGraph() {
        return Optional.empty();
    }

    /**
     * Goes over to a graph that has been written since the segment was opened, and brings the graph into fast memory;
     * uses the codes of the rows, and makes them where no file has them. Blocks for as long as it takes to read all
     * that; the caller holds a share.
     *
     * @param isGivenUp asked several times a second whether to stop
     */
    default void warm(BooleanSupplier isGivenUp) {}

    /**
     * Reads every byte that searches depend on from its files and compares checksums; throws {@link
     * CorruptSegmentException} for the first that is wrong. Blocks; the caller holds a share. A delta has no files.
     */
    default void compareChecksums(ReadPace pace) throws IOException {}

    /**
     * The same when a server starts, but for a graph that searches can do without for some seconds: they walk it once
     * {@link #warm} has read it.
     */
    default void compareAtOpening() throws IOException {}

    FilterIndex filters();

    /** The sparse vectors in the records' metadata. */
    SparseIndex sparse();

    Tombstones tombstones();

    /** Bytes held outside the heap, mapped files included. */
    long sizeBytes();

    /** Takes a share of the segment; {@code false} when it has been freed already. */
    boolean retain();

    /**
     * Says that no manifest names the segment any more: its files go together with its memory. A delta has no files.
     */
    default void retire() {}

    /**
     * Gives a share back; the last one frees the memory, and deletes the files of a segment that was {@link #retire}d.
     */
    void release();
}
