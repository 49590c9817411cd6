package io.quiver.executor.segment;

import io.quiver.executor.filter.FilterIndex;
import io.quiver.executor.filter.SealedFilterIndex;
import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.sparse.SparseIndex;
import io.quiver.executor.sparse.SparseQuery;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An immutable segment on disk, mapped. Its files are {@link VectorFiles}, {@link RecordFiles}, {@link IdFile}, a
 * {@link SparseFile} where records have sparse vectors, a {@link CodesFile} where there are rows enough, a directory of
 * the filter index, at most one current {@link TombstoneFile}, and {@link GraphFiles} from the time on that they have
 * been built.
 *
 * <p>Opening checks what is small, and takes milliseconds whatever the size; {@link #verify} reads everything.
 *
 * <p><b>Threads.</b> Safe on every thread; one thread marks tombstones. <b>Memory.</b> One shared arena, owned here and
 * closed by the last {@link #release}: reading afterwards throws {@link IllegalStateException}; the graph's memory is
 * that of {@link SealedIndex}. Nothing on the heap grows with the rows, but for tombstones.
 */
public final class SealedSegment implements Segment {
    private static final Logger LOG = LoggerFactory.getLogger(SealedSegment.class);

    private final Storage storage;
    private final String directory;
    private final String name;
    private final Metric metric;
    private final int rowCount;
    private final long sizeBytes;
    private final SharedFiles files;
    private final Arena arena;
    private final VectorFiles vectors;
    private final RecordFiles records;
    private final IdFile ids;
    private final SparseFile sparse;
    private final SealedFilterIndex filters;
    private final long filterBytes;
    private final SealedIndex index;
    private final Tombstones tombstones;
    private final Shares shares = new Shares();
    private volatile boolean isRetired;

    private SealedSegment(
            Storage storage,
            String directory,
            Metric metric,
            int dimension,
            Manifest.Segment entry,
            long sizeBytes,
            OffHeapBudget budget,
            SharedFiles files,
            SharedGraphs graphs,
            Arena arena)
            throws IOException {
        UUID segment = UUID.fromString(entry.name());
        this.storage = storage;
        this.directory = directory;
        this.name = entry.name();
        this.metric = metric;
        this.rowCount = entry.rowCount();
        this.sizeBytes = sizeBytes;
        this.files = files;
        this.arena = arena;
        this.vectors = VectorFiles.open(storage, directory, segment, arena, metric, dimension, rowCount);
        this.records = RecordFiles.open(storage, directory, segment, arena, rowCount);
        this.ids = IdFile.open(storage, directory, segment, arena, records, rowCount);
        this.sparse = SparseFile.open(storage, directory, segment, arena, rowCount, records::product);
        this.tombstones = openTombstones(storage, directory, segment, entry);
        this.index = new SealedIndex(storage, directory, segment, metric, vectors, budget, graphs, arena);
        index.openGraph();
        this.filters = openFilters(storage, directory + "/" + FileKind.FILTER_DIRECTORY);
        this.filterBytes = DirectoryTree.sizeBytes(storage, directory + "/" + FileKind.FILTER_DIRECTORY);
    }

    static SealedSegment open(
            Storage storage,
            String directory,
            Metric metric,
            int dimension,
            Manifest.Segment entry,
            OffHeapBudget budget,
            SharedFiles files,
            SharedGraphs graphs)
            throws IOException {
        long sizeBytes = DirectoryTree.sizeBytes(storage, directory) - GraphFiles.imageFileBytes(storage, directory);
        files.open(entry.name(), sizeBytes);
        Arena arena = Arena.ofShared();
        try {
            return new SealedSegment(
                    storage, directory, metric, dimension, entry, sizeBytes, budget, files, graphs, arena);
        } catch (Throwable failure) {
            arena.close();
            files.close(entry.name());
            throw failure;
        }
    }

    private static Tombstones openTombstones(Storage storage, String directory, UUID segment, Manifest.Segment entry)
            throws IOException {
        Tombstones tombstones = new Tombstones(entry.rowCount());
        String file = entry.tombstones();
        if (file != null) {
            TombstoneFile.read(storage, directory + "/" + file, segment, entry.rowCount(), tombstones);
        }
        return tombstones;
    }

    /** The last to be opened, for it has memory of its own to give back. */
    private SealedFilterIndex openFilters(Storage storage, String directory) throws IOException {
        SealedFilterIndex opened;
        try {
            opened = SealedFilterIndex.open(storage, directory, this);
        } catch (IOException | RuntimeException damage) {
            throw new CorruptSegmentException(directory, "it cannot be opened: " + damage, damage);
        }
        if (opened.rowCount() != rowCount) {
            opened.close();
            throw new CorruptSegmentException(
                    directory, "rows: expected %d, found %d".formatted(rowCount, opened.rowCount()));
        }
        return opened;
    }

    /**
     * Reads every byte, compares all checksums, and checks that the parts agree: each id is found at its row, rows are
     * in order of insertion, embeddings are finite, records can be read, sparse vectors are found by their terms, the
     * filter index has as many rows, the graph and the codes are of these embeddings. Throws {@link
     * CorruptSegmentException} for the first thing that is wrong. Blocks; the caller holds a share.
     */
    public void verify() throws IOException {
        compareChecksumsOfRecords(ReadPace.UNBOUNDED);
        index.verify();
        new SegmentCheck(this, directory).check();
    }

    /** {@inheritDoc} A graph that is damaged is left, and built again, and so are codes: no answer depends on them. */
    @Override
    public void compareChecksums(ReadPace pace) throws IOException {
        compareChecksumsOfRecords(pace);
        index.leaveDamage(pace);
    }

    @Override
    public void compareAtOpening() throws IOException {
        compareChecksumsOfRecords(ReadPace.UNBOUNDED);
        index.walkLater();
    }

    private void compareChecksumsOfRecords(ReadPace pace) throws IOException {
        vectors.verify(pace);
        records.verify(pace);
        ids.verify(pace);
        sparse.verify(pace);
        pace.willRead(filterBytes);
        verifyFilters();
    }

    private void verifyFilters() throws CorruptSegmentException {
        try {
            filters.verify();
        } catch (IOException | RuntimeException damage) {
            throw new CorruptSegmentException(
                    directory + "/" + FileKind.FILTER_DIRECTORY, "it is damaged: " + damage, damage);
        }
    }

    @Override
    public String name() {
        return name;
    }

    Metric metric() {
        return metric;
    }

    VectorFiles vectors() {
        return vectors;
    }

    @Override
    public int rowCount() {
        return rowCount;
    }

    @Override
    public int rowOf(String id) {
        return ids.rowOf(id);
    }

    @Override
    public String id(int row) {
        return records.id(row);
    }

    @Override
    public long touch(int row) {
        return records.touch(row);
    }

    @Override
    public long insertion(int row) {
        return records.insertion(row);
    }

    @Override
    public LogOffset writtenAt(int row) {
        return new LogOffset(records.writtenAt(row));
    }

    @Override
    public Embedding embedding(int row) {
        return Embedding.of(vectors.embedding(row));
    }

    @Override
    public @Nullable String document(int row) {
        return records.document(row);
    }

    @Override
    public @Nullable String uri(int row) {
        return records.uri(row);
    }

    @Override
    public Metadata metadata(int row) {
        return records.metadata(row);
    }

    @Override
    public VectorIndex index() {
        return index.current();
    }

    @Override
    public EmbeddingRows embeddings() {
        return vectors;
    }

    @Override
    public boolean hasGraph() {
        return index.hasGraph();
    }

    @Override
    public float graphRecallMax() {
        return index.graphRecallMax();
    }

    @Override
    public int graphEfConstruction() {
        return index.graphEfConstruction();
    }

    @Override
    public Optional<GraphIndex> wholeGraph() {
        return index.wholeGraph();
    }

    @Override
    public void warm(BooleanSupplier isGivenUp) {
        index.openCodes();
        index.loadGraph(isGivenUp);
        index.encode(isGivenUp);
    }

    @Override
    public FilterIndex filters() {
        return filters;
    }

    @Override
    public SparseIndex sparse() {
        return sparse.index();
    }

    /** The exact inner product of a row, as {@link io.quiver.executor.sparse.SparseRows} says. */
    public double product(int row, SparseQuery query) {
        return records.product(row, query);
    }

    SparseFile sparseFile() {
        return sparse;
    }

    @Override
    public Tombstones tombstones() {
        return tombstones;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes + index.graphBytes();
    }

    @Override
    public boolean retain() {
        return shares.retain();
    }

    @Override
    public void retire() {
        isRetired = true;
    }

    /** The last one does the work of freeing, and of deleting files, on the caller's thread. */
    @Override
    public void release() {
        if (shares.release()) {
            free();
        }
    }

    private void free() {
        try (arena;
                index) {
            filters.close();
            if (isRetired) {
                DirectoryTree.delete(storage, directory);
            }
        } catch (IOException e) {
            LOG.warn("{}: not all files were closed and deleted; what is left goes at the next start", directory, e);
        } finally {
            files.close(name);
        }
    }
}
