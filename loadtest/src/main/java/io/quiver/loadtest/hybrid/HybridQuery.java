package io.quiver.loadtest.hybrid;

import io.quiver.loadtest.data.Vectors;
import io.quiver.log.record.SparseVector;

/**
 * What a search asks: the ten that are best by the reciprocal ranks that they have by either vector, or by one of them.
 *
 * @param isDense whether the dense vector counts
 * @param isSparse whether the sparse one does
 * @param isWithinWord whether only documents with a word are wanted
 */
record HybridQuery(String name, boolean isDense, boolean isSparse, boolean isWithinWord) {
    private static final int K = 10;
    private static final int RRF_K = 60;
    /** Neighbours by each vector, of which the ten are chosen. */
    private static final int CANDIDATES = 100;

    String json(Vectors queries, int query, SparseVector sparse, long nonce) {
        StringBuilder json = new StringBuilder("{\"searches\":[{\"rank\":{\"$mul\":[{\"$val\":-1},{\"$sum\":[");
        if (isDense) {
            appendKnn(json, dense(queries, query), "#embedding");
        }
        if (isSparse) {
            StringBuilder vector = new StringBuilder();
            HybridRecords.append(vector, sparse);
            appendKnn(json.append(isDense ? "," : ""), vector, HybridRecords.KEY);
        }
        json.append("]}]}");
        if (isWithinWord) {
            json.append(",\"filter\":{\"#document\":{\"$contains\":\"")
                    .append(HybridRecords.word((int) (nonce % HybridRecords.WORDS)))
                    .append("\"}}");
        }
        return json.append(",\"limit\":{\"limit\":%d},\"select\":{\"keys\":[\"#score\"]}}],\"nonce\":%d}"
                        .formatted(K, nonce))
                .toString();
    }

    private static void appendKnn(StringBuilder json, CharSequence vector, String key) {
        json.append("{\"$div\":{\"left\":{\"$val\":1},\"right\":{\"$sum\":[{\"$val\":")
                .append(RRF_K)
                .append("},{\"$knn\":{\"query\":")
                .append(vector)
                .append(",\"key\":\"")
                .append(key)
                .append("\",\"limit\":")
                .append(CANDIDATES)
                .append(",\"default\":1000,\"return_rank\":true}}]}}}");
    }

    private static StringBuilder dense(Vectors queries, int query) {
        StringBuilder json = new StringBuilder();
        float[] values = queries.copy(query);
        for (int i = 0; i < values.length; i++) {
            json.append(i == 0 ? "[" : ",").append(values[i]);
        }
        return json.append(']');
    }
}
