package io.quiver.loadtest.index.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogByteSizeMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.MMapDirectory;

/** Lucene's HNSW in one segment, mapped from a temporary folder. */
final class LuceneEngine implements Engine {
    static final String FIELD = "vector";

    /**
     * Most of what a writer of one thread may hold, so that one flush writes the one segment where that is possible.
     */
    private static final int BUFFER_MIB = 1_900;

    private final LucenePrecision precision;

    LuceneEngine(LucenePrecision precision) {
        this.precision = precision;
    }

    @Override
    public String name() {
        return "lucene-" + precision.label();
    }

    @Override
    public Family family() {
        return Family.LUCENE;
    }

    @Override
    public BuiltIndex build(Corpus corpus) throws IOException {
        Path folder = Files.createTempDirectory("quiver-bench-lucene");
        MMapDirectory directory = new MMapDirectory(folder);
        try (IndexWriter writer = new IndexWriter(directory, configuration())) {
            KnnFloatVectorField field =
                    new KnnFloatVectorField(FIELD, new float[corpus.dimension()], similarity(corpus));
            Document document = new Document();
            document.add(field);
            for (float[] vector : corpus.peerBase()) {
                field.setVectorValue(vector);
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        return new LuceneIndex(precision, directory, folder, corpus);
    }

    /** Segments are merged in their order, so that a document's number is its row. */
    private IndexWriterConfig configuration() {
        return new IndexWriterConfig()
                .setCodec(codec())
                .setUseCompoundFile(false)
                .setRAMBufferSizeMB(BUFFER_MIB)
                .setMergePolicy(new LogByteSizeMergePolicy())
                .setMergeScheduler(new SerialMergeScheduler());
    }

    private Codec codec() {
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return precision.format();
            }
        };
    }

    private static VectorSimilarityFunction similarity(Corpus corpus) {
        return switch (corpus.set().space()) {
            case L2 -> VectorSimilarityFunction.EUCLIDEAN;
            case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
            case IP -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
        };
    }
}
