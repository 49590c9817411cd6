package io.quiver.executor.segment;

import io.quiver.executor.filter.FilterIndexWriter;
import io.quiver.executor.filter.Indexed;
import io.quiver.executor.index.Metric;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes the files of a {@link SealedSegment} into a directory of its own, row after row. Memory: one page a file, and
 * what {@link IdFileWriter}, {@link SparseFileWriter} and {@link FilterIndexWriter} say.
 */
final class SealedSegmentWriter implements SegmentWriter {
    private final Storage storage;
    private final String directory;
    private final UUID name;
    private final Metric metric;
    private final int dimension;
    private final Resources resources = new Resources();
    private final VectorFilesWriter vectors;
    private final RecordFilesWriter records;
    private final IdFileWriter ids;
    private final FilterIndexWriter filters;
    private final SparseFileWriter sparse;
    private int rowCount;
    private long insertion = Long.MIN_VALUE;
    private boolean isFinished;

    /** @param directory exists and is empty */
    SealedSegmentWriter(
            Storage storage,
            String directory,
            UUID name,
            Metric metric,
            int dimension,
            Indexed indexed,
            OffHeapBudget budget)
            throws IOException {
        this.storage = storage;
        this.directory = directory;
        this.name = name;
        this.metric = metric;
        this.dimension = dimension;
        try {
            this.vectors = resources.add(new VectorFilesWriter(storage, directory, name, metric, dimension));
            this.records = resources.add(new RecordFilesWriter(storage, directory, name));
            this.ids = resources.add(new IdFileWriter(storage, directory, name, budget));
            this.sparse = resources.add(new SparseFileWriter(storage, directory, name, budget));
            this.filters =
                    resources.add(new FilterIndexWriter(storage, directory + "/" + FileKind.FILTER_DIRECTORY, indexed));
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    @Override
    public void append(Segment source, int row) throws IOException {
        VectorRecord record = source.record(row);
        long next = source.insertion(row);
        if (next <= insertion) {
            throw new IllegalArgumentException("insertion %d after %d".formatted(next, insertion));
        }
        byte[] id = record.id().getBytes(StandardCharsets.UTF_8);
        vectors.append(record.embedding());
        records.append(record, id, next, source.writtenAt(row).value());
        ids.append(id);
        sparse.append(rowCount, record.metadata());
        filters.add(rowCount, record.document(), record.metadata());
        insertion = next;
        rowCount++;
    }

    @Override
    public Manifest.Segment finish() throws IOException {
        vectors.finish(rowCount);
        records.finish(rowCount);
        ids.finish();
        sparse.finish(rowCount);
        filters.finish();
        writeCodes();
        storage.forceDirectory(directory);
        isFinished = true;
        return new Manifest.Segment(name.toString(), rowCount, DirectoryTree.sizeBytes(storage, directory), null, 0);
    }

    /** Of the embeddings as they have been written. */
    private void writeCodes() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CodesFile.write(
                    storage,
                    directory,
                    name,
                    metric,
                    VectorFiles.open(storage, directory, name, arena, metric, dimension, rowCount));
        }
    }

    @Override
    public void close() throws IOException {
        try (resources) {
            if (isFinished) {
                return;
            }
        }
        DirectoryTree.delete(storage, directory);
    }
}
