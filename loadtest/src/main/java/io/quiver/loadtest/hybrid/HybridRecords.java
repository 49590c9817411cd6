package io.quiver.loadtest.hybrid;

import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.sparse.ZipfVectors;
import io.quiver.log.record.SparseVector;
import java.lang.foreign.MemorySegment;
import java.util.Base64;

/**
 * Records as bodies of an add: a dense vector, a sparse one under the key {@link #KEY}, and a document of a few words.
 */
final class HybridRecords {
    static final String KEY = "sparse";
    /** Every so many-th record has each of as many different words. */
    static final int WORDS = 100;

    private final Vectors dense;
    private final ZipfVectors sparse;

    HybridRecords(Vectors dense, ZipfVectors sparse) {
        this.dense = dense;
        this.sparse = sparse;
    }

    int count() {
        return dense.count();
    }

    /** Sparse vectors are drawn: each row is asked for once, in order. */
    String json(int from, int to) {
        StringBuilder json = new StringBuilder("{\"ids\":[");
        for (int row = from; row < to; row++) {
            json.append(row == from ? "\"" : ",\"").append(row).append('"');
        }
        json.append("],\"embeddings\":[");
        byte[] bytes = new byte[dense.dimension() * Float.BYTES];
        for (int row = from; row < to; row++) {
            dense.get(row).copyTo(MemorySegment.ofArray(bytes), 0);
            String base64 = Base64.getEncoder().encodeToString(bytes);
            json.append(row == from ? "\"" : ",\"").append(base64).append('"');
        }
        json.append("],\"metadatas\":[");
        for (int row = from; row < to; row++) {
            json.append(row == from ? "{\"" : ",{\"").append(KEY).append("\":");
            append(json, sparse.record());
            json.append('}');
        }
        json.append("],\"documents\":[");
        for (int row = from; row < to; row++) {
            json.append(row == from ? "\"" : ",\"").append(word(row % WORDS)).append("\"");
        }
        return json.append("]}").toString();
    }

    static String word(int number) {
        return "about subject" + number + ".";
    }

    static void append(StringBuilder json, SparseVector vector) {
        json.append("{\"indices\":[");
        for (int i = 0; i < vector.size(); i++) {
            json.append(i == 0 ? "" : ",").append(vector.index(i));
        }
        json.append("],\"values\":[");
        for (int i = 0; i < vector.size(); i++) {
            json.append(i == 0 ? "" : ",").append(vector.value(i));
        }
        json.append("]}");
    }
}
