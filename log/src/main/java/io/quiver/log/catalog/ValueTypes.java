package io.quiver.log.catalog;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.catalog.IndexParameters.Spann;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of one key of a {@link Schema}, or of all keys that it does not name. What is {@code null} or missing is
 * left open.
 *
 * @param inverted whether there is an inverted index for metadata values of a kind
 */
public record ValueTypes(
        Map<ValueKind, Boolean> inverted,
        @Nullable FullTextIndex fullText,
        @Nullable VectorIndex vector,
        @Nullable SparseVectorIndex sparseVector) {
    static final ValueTypes NONE = new ValueTypes(Map.of(), null, null, null);

    /** Of keys of which nothing was said. */
    static final ValueTypes DEFAULT = new ValueTypes(
            Map.of(ValueKind.STRING, true, ValueKind.FLOAT, true, ValueKind.INT, true, ValueKind.BOOL, true),
            new FullTextIndex(false, null),
            new VectorIndex(false, Space.L2, null, null, HnswSettings.of(Hnsw.DEFAULT)),
            new SparseVectorIndex(false, "{\"type\":\"unknown\"}", null, false, null));

    /** Of a record's document. */
    static final ValueTypes DOCUMENT =
            new ValueTypes(Map.of(ValueKind.STRING, false), new FullTextIndex(true, null), null, null);

    public ValueTypes {
        inverted = Map.copyOf(inverted);
    }

    /** Of a record's embedding, where the indexes of other keys are {@code defaults}, which are complete. */
    static ValueTypes embedding(ValueTypes defaults) {
        VectorIndex unsaid = Objects.requireNonNull(defaults.vector);
        return new ValueTypes(
                Map.of(),
                null,
                new VectorIndex(true, unsaid.space, unsaid.embeddingFunctionJson, Schema.DOCUMENT_KEY, unsaid.hnsw),
                null);
    }

    /** These with what they leave open taken from {@code unsaid}. */
    ValueTypes completed(ValueTypes unsaid) {
        Map<ValueKind, Boolean> all = new EnumMap<>(ValueKind.class);
        all.putAll(unsaid.inverted);
        all.putAll(inverted);
        return new ValueTypes(
                all,
                or(fullText, unsaid.fullText),
                vector == null ? unsaid.vector : vector.completed(unsaid.vector),
                sparseVector == null ? unsaid.sparseVector : sparseVector.completed(unsaid.sparseVector));
    }

    /**
     * Whether these say something, be it what it may, of every kind of metadata values that {@code noted} says
     * something of.
     */
    boolean knows(ValueTypes noted) {
        return inverted.keySet().containsAll(noted.inverted.keySet())
                && (noted.sparseVector == null || sparseVector != null);
    }

    ValueTypes withConfiguration(CollectionConfiguration configuration) {
        return vector == null
                ? this
                : new ValueTypes(inverted, fullText, vector.withConfiguration(configuration), sparseVector);
    }

    private static <T> @Nullable T or(@Nullable T value, @Nullable T unsaid) {
        return value == null ? unsaid : value;
    }

    /**
     * For conditions on documents.
     *
     * @param algorithm by the client's name; echoed
     */
    public record FullTextIndex(boolean enabled, @Nullable String algorithm) {}

    /**
     * For the nearest of dense vectors.
     *
     * @param sourceKey what the client embeds
     */
    public record VectorIndex(
            boolean enabled,
            @Nullable Space space,
            @Nullable String embeddingFunctionJson,
            @Nullable String sourceKey,
            @Nullable HnswSettings hnsw) {
        VectorIndex completed(@Nullable VectorIndex unsaid) {
            return unsaid == null
                    ? this
                    : new VectorIndex(
                            enabled,
                            or(space, unsaid.space),
                            or(embeddingFunctionJson, unsaid.embeddingFunctionJson),
                            or(sourceKey, unsaid.sourceKey),
                            hnsw == null ? unsaid.hnsw : hnsw.completed(unsaid.hnsw));
        }

        VectorIndex withConfiguration(CollectionConfiguration configuration) {
            return new VectorIndex(
                    enabled,
                    configuration.space(),
                    configuration.embeddingFunctionJson(),
                    sourceKey,
                    switch (configuration.index()) {
                        case Hnsw index -> HnswSettings.of(index);
                        case Spann _ -> HnswSettings.of(Hnsw.DEFAULT);
                    });
        }
    }

    /**
     * For the nearest of sparse vectors.
     *
     * @param sourceKey what the client embeds, or with {@code bm25} the server where the client did not
     * @param algorithm by the client's name; echoed
     */
    public record SparseVectorIndex(
            boolean enabled,
            @Nullable String embeddingFunctionJson,
            @Nullable String sourceKey,
            @Nullable Boolean bm25,
            @Nullable String algorithm) {
        /** Whether the vectors are those of texts, weighted by BM25. */
        boolean isBm25() {
            return enabled && Boolean.TRUE.equals(bm25);
        }

        Bm25Parameters bm25Parameters() {
            return Bm25Parameters.of(embeddingFunctionJson);
        }

        SparseVectorIndex completed(@Nullable SparseVectorIndex unsaid) {
            return unsaid == null
                    ? this
                    : new SparseVectorIndex(
                            enabled,
                            or(embeddingFunctionJson, unsaid.embeddingFunctionJson),
                            or(sourceKey, unsaid.sourceKey),
                            or(bm25, unsaid.bm25),
                            or(algorithm, unsaid.algorithm));
        }
    }
}
