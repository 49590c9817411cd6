package io.quiver.loadtest.door;

import io.quiver.loadtest.data.Vectors;

/**
 * The body of a query as Chroma's API wants it, with a field that servers ignore: it tells requests apart that a cache
 * would answer.
 *
 * @param k hits wanted for each embedding
 * @param fields further fields, each with a comma before it
 */
public record QueryBody(int k, String fields) {
    /** Begins with no further fields. */
    public QueryBody(int k) {
        this(k, "");
    }

    /** Appends the body that asks for the rows {@code from} to {@code to} (exclusive). */
    public void append(StringBuilder body, Vectors queries, int from, int to, String nonce) {
        body.append("{\"query_embeddings\":[");
        for (int query = from; query < to; query++) {
            appendVector(body, queries, query, query == from ? "[" : ",[");
        }
        body.append("],\"n_results\":").append(k).append(",\"include\":[\"distances\"]");
        body.append(fields).append(",\"nonce\":\"").append(nonce).append("\"}");
    }

    private static void appendVector(StringBuilder body, Vectors vectors, int row, String separator) {
        float[] chunk = vectors.chunk(row);
        int at = vectors.at(row);
        for (int i = 0; i < vectors.dimension(); i++) {
            body.append(i == 0 ? separator : ",");
            float value = chunk[at + i];
            if (value == (int) value) {
                body.append((int) value);
            } else {
                body.append(value);
            }
        }
        body.append(']');
    }
}
