package io.quiver.loadtest.index.engine;

import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat.ScalarEncoding;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/** What Lucene's graph computes distances with. */
enum LucenePrecision {
    FLOAT("float") {
        @Override
        KnnVectorsFormat format() {
            return new Lucene99HnswVectorsFormat(M, EF_CONSTRUCTION);
        }
    },
    INT7("int7") {
        @Override
        KnnVectorsFormat format() {
            return quantised(ScalarEncoding.SEVEN_BIT);
        }
    },
    INT4("int4") {
        @Override
        KnnVectorsFormat format() {
            return quantised(ScalarEncoding.PACKED_NIBBLE);
        }
    },
    /** One bit, known as better binary quantization. */
    BBQ("bbq") {
        @Override
        KnnVectorsFormat format() {
            return quantised(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE);
        }
    };

    private static final int M = 16;
    private static final int EF_CONSTRUCTION = 200;

    private final String label;

    LucenePrecision(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    abstract KnnVectorsFormat format();

    private static KnnVectorsFormat quantised(ScalarEncoding encoding) {
        return new Lucene104HnswScalarQuantizedVectorsFormat(encoding, M, EF_CONSTRUCTION);
    }
}
