package io.quiver.executor.filter;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.FixedBitSet;

/**
 * The index of one sealed segment, open. It reads its files as they are mapped: what it holds on the heap does not grow
 * with the rows, but for answers that it remembers: {@value #ANSWERS_MAX} sets, or {@value #FEW_BYTES_MAX} bytes of up
 * to {@value #FEW_ROWS_ANSWERS_MAX} where rows are so few that it is more.
 *
 * <p>Safe on every thread until {@link #close}, which the caller delays until no thread asks any more. Damaged files
 * are found by {@link #verify}, and some by {@link #open}; what a query meets of them is an accident.
 */
public final class SealedFilterIndex implements FilterIndex, AutoCloseable {
    private static final int ANSWERS_MAX = 16;
    private static final int FEW_ROWS_ANSWERS_MAX = 128;
    private static final long FEW_BYTES_MAX = 1 << 20;
    private static final long CACHE_BYTES_MIN = 1 << 14;

    private final DirectoryReader reader;
    private final StorageDirectory directory;
    private final RowSource rows;
    private final int rowCount;
    private final FilterCache cache;

    private SealedFilterIndex(DirectoryReader reader, StorageDirectory directory, RowSource rows) {
        this.reader = reader;
        this.directory = directory;
        this.rows = rows;
        this.rowCount = reader.maxDoc();
        this.cache = new FilterCache(cacheBytes(rowCount));
    }

    private static long cacheBytes(int rowCount) {
        long answerBytes = rowCount / Byte.SIZE;
        long few = Math.min(FEW_BYTES_MAX, FEW_ROWS_ANSWERS_MAX * answerBytes);
        return CACHE_BYTES_MIN + Math.max(few, ANSWERS_MAX * answerBytes);
    }

    /** Opens what a {@link FilterIndexWriter} finished; {@code rows} has the same rows. */
    public static SealedFilterIndex open(Storage storage, String directory, RowSource rows) throws IOException {
        StorageDirectory files = new StorageDirectory(storage, directory);
        return new SealedFilterIndex(DirectoryReader.open(files), files, rows);
    }

    @Override
    public RowSet rows(Filter filter, int wantedRowCount, BooleanSupplier stop) {
        if (wantedRowCount > rowCount) {
            throw new IllegalArgumentException("%d rows of %d".formatted(wantedRowCount, rowCount));
        }
        RowSet accepted = remembered(filter, stop);
        return wantedRowCount == rowCount ? accepted : accepted.resized(wantedRowCount);
    }

    @Override
    public double estimatedSelectivity(Filter filter, int wantedRowCount) {
        if (rowCount == 0) {
            return 0;
        }
        try {
            return new SealedEstimate(reader.leaves().getFirst().reader(), rows).of(filter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int rowCount() {
        return rowCount;
    }

    /** Bytes of the files. */
    public long sizeBytes() throws IOException {
        long sizeBytes = 0;
        for (String name : directory.listAll()) {
            sizeBytes += directory.fileLength(name);
        }
        return sizeBytes;
    }

    /** Reads all files and compares their checksums; throws where one is not what was written. */
    public void verify() throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            leaf.reader().checkIntegrity();
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }

    private RowSet remembered(Filter filter, BooleanSupplier stop) {
        RowSet known = cache.get(filter);
        if (known == null) {
            known = accepted(filter, stop);
            cache.put(filter, known);
        }
        return known;
    }

    private RowSet accepted(Filter filter, BooleanSupplier stop) {
        if (rowCount == 0) {
            return RowSet.none(0);
        }
        LeafReader leaf = reader.leaves().getFirst().reader();
        try {
            FixedBitSet accepted = new SealedFilterQuery(leaf, rows, new LookedAt(stop)).accepted(filter);
            return new RowSet(accepted.getBits(), rowCount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
