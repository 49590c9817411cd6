package io.quiver.executor.filter;

import io.quiver.log.record.Metadata;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.LogMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Writes the index of one sealed segment, row after row: a Lucene directory of one Lucene segment, in which a row is
 * the number of a document. {@link MetadataTerms} says how metadata lie in it, {@link Grams} how documents do.
 *
 * <p>Belongs to one thread, on which all work is done. Memory: {@link #BUFFER_MB} on the heap, the rest in files.
 * Closing without {@link #finish} deletes what was written. After an exception the writer can only be closed.
 */
public final class FilterIndexWriter implements AutoCloseable {
    private static final int BUFFER_MB = 32;
    /** So many that no parts are merged before the end; then all become one, in their order. */
    private static final int PARTS_MAX = 10_000;

    private static final FieldType TERMS_ONLY = termsOnly();

    private final Indexed indexed;
    private final Storage storage;
    private final String directory;
    private final IndexWriter writer;
    private final MetadataFields metadataFields;
    private final TermStream terms = new TermStream();
    private final GramStream grams = new GramStream();
    private final Field termsField = new Field(MetadataTerms.TERMS, terms, TERMS_ONLY);
    private final Field gramsField = new Field(Grams.FIELD, grams, TERMS_ONLY);
    private int rowCount;
    private boolean isFinished;

    /** Begins an index in a directory that does not exist, or is empty. */
    public FilterIndexWriter(Storage storage, String directory, Indexed indexed) throws IOException {
        this(storage, directory, indexed, MetadataTerms.POINT_KEYS_MAX, BUFFER_MB);
    }

    FilterIndexWriter(Storage storage, String directory, Indexed indexed, int pointKeysMax, int bufferMb)
            throws IOException {
        this.indexed = indexed;
        this.storage = storage;
        this.directory = directory;
        this.metadataFields = new MetadataFields(pointKeysMax, indexed);
        storage.createDirectories(directory);
        this.writer = new IndexWriter(new StorageDirectory(storage, directory), configuration(bufferMb));
    }

    /** Appends a row; rows come in order, without gaps. */
    public void add(int row, @Nullable String document, Metadata metadata) throws IOException {
        if (row != rowCount) {
            throw new IllegalArgumentException("row %d where %d follows".formatted(row, rowCount));
        }
        writer.addDocument(fields(document, metadata));
        rowCount++;
    }

    /** Makes the index durable. */
    public void finish() throws IOException {
        writer.forceMerge(1);
        writer.commit();
        writer.close();
        isFinished = true;
    }

    @Override
    public void close() throws IOException {
        if (isFinished) {
            return;
        }
        try {
            writer.rollback();
        } finally {
            deleteFiles();
        }
    }

    private void deleteFiles() throws IOException {
        for (String name : storage.list(directory)) {
            storage.delete(directory + "/" + name);
        }
        storage.delete(directory);
    }

    private List<IndexableField> fields(@Nullable String document, Metadata metadata) {
        metadataFields.set(metadata);
        List<IndexableField> fields = new ArrayList<>(metadataFields.points());
        if (!metadataFields.terms().isEmpty()) {
            terms.set(metadataFields.terms());
            fields.add(termsField);
        }
        if (document != null && indexed.documents()) {
            grams.set(document);
            fields.add(gramsField);
        }
        return fields;
    }

    private static IndexWriterConfig configuration(int bufferMb) {
        LogMergePolicy merges = new LogDocMergePolicy();
        merges.setMergeFactor(PARTS_MAX);
        // One file for all, since small segments are many.
        merges.setNoCFSRatio(1.0);
        return new IndexWriterConfig()
                .setRAMBufferSizeMB(bufferMb)
                .setUseCompoundFile(true)
                .setMergePolicy(merges)
                .setMergeScheduler(new SerialMergeScheduler())
                .setCommitOnClose(false);
    }

    private static FieldType termsOnly() {
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS);
        type.setTokenized(true);
        type.setOmitNorms(true);
        type.freeze();
        return type;
    }
}
