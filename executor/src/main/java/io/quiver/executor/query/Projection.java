package io.quiver.executor.query;

/** Which parts of the records an answer carries besides their ids. */
public record Projection(boolean documents, boolean embeddings, boolean metadatas, boolean uris, boolean distances) {
    public static final Projection IDS = new Projection(false, false, false, false, false);
    public static final Projection EVERYTHING = new Projection(true, true, true, true, true);
}
