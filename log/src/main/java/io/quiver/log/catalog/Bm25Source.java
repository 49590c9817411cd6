package io.quiver.log.catalog;

/**
 * Where the text of a BM25 vector is, and how it is made of that.
 *
 * @param key a metadata key or {@link Schema#DOCUMENT_KEY}
 */
public record Bm25Source(String key, Bm25Parameters parameters) {}
