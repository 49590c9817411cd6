package io.quiver.log.catalog;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.catalog.ValueTypes.VectorIndex;
import io.quiver.log.record.MetadataValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which indexes a collection keeps for which keys, in the terms of Chroma's API.
 *
 * <p>A schema as a caller gave it may leave out almost everything; {@link #completed} fills in the defaults. The one of
 * a {@link Collection} is always complete, and its vector index of {@link #EMBEDDING_KEY} says the same as the
 * collection's {@link CollectionConfiguration}: the catalog stores the schema alone.
 *
 * @param defaults for keys that {@code keys} does not name
 * @param keys in the order in which they were given or seen
 */
public record Schema(ValueTypes defaults, Map<String, ValueTypes> keys) {
    public static final String DOCUMENT_KEY = "#document";
    public static final String EMBEDDING_KEY = "#embedding";

    /** Keys beyond these are not noted: they go by the defaults, as new keys do anyway. */
    public static final int KEYS_MAX = 1_024;

    private static final String RESERVED_PREFIX = "chroma:";

    /** Of a collection for which the caller said nothing. */
    public static final Schema DEFAULT = new Schema(ValueTypes.NONE, Map.of()).completed();

    public Schema {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** Whether records may be filtered by values of {@code kind} under the metadata key. */
    public boolean isIndexed(String key, ValueKind kind) {
        Boolean ofKey = of(key).inverted().get(kind);
        return ofKey != null ? ofKey : defaults.inverted().getOrDefault(kind, true);
    }

    /** Whether records may be filtered by their documents. */
    public boolean isFullTextIndexed() {
        ValueTypes.FullTextIndex index = of(DOCUMENT_KEY).fullText();
        return index == null || index.enabled();
    }

    /** The keys whose sparse vectors the server makes of texts. */
    public Map<String, Bm25Source> bm25Sources() {
        Map<String, Bm25Source> sources = new LinkedHashMap<>();
        keys.forEach((key, types) -> {
            ValueTypes.SparseVectorIndex index = types.sparseVector();
            if (index != null && index.isBm25() && index.sourceKey() != null) {
                sources.put(key, new Bm25Source(index.sourceKey(), index.bm25Parameters()));
            }
        });
        return sources;
    }

    /** Whether a search may give words instead of a sparse vector for this key. */
    public boolean isBm25(String key) {
        ValueTypes.SparseVectorIndex index = of(key).sparseVector();
        return index != null && index.isBm25();
    }

    /** How the words of a search for this key are read. */
    public Bm25Parameters bm25Parameters(String key) {
        ValueTypes.SparseVectorIndex index = of(key).sparseVector();
        return index == null ? Bm25Parameters.DEFAULT : index.bm25Parameters();
    }

    /** This schema with what it leaves out filled in; the vector index takes after the defaults given here. */
    Schema completed() {
        ValueTypes all = defaults.completed(ValueTypes.DEFAULT);
        Map<String, ValueTypes> completed = new LinkedHashMap<>(keys);
        completed.put(DOCUMENT_KEY, of(DOCUMENT_KEY).completed(ValueTypes.DOCUMENT));
        completed.put(EMBEDDING_KEY, of(EMBEDDING_KEY).completed(ValueTypes.embedding(all)));
        return new Schema(all, completed);
    }

    /** What a complete schema says of the vector index. */
    CollectionConfiguration configuration() {
        VectorIndex vector = vectorIndex();
        Space space = Objects.requireNonNullElse(vector.space(), Space.L2);
        HnswSettings hnsw = Objects.requireNonNullElse(vector.hnsw(), HnswSettings.NONE);
        return new CollectionConfiguration(hnsw.over(Hnsw.DEFAULT.withSpace(space)), vector.embeddingFunctionJson());
    }

    /** This schema with the vector index of {@code configuration}; the same one where it has that already. */
    Schema withConfiguration(CollectionConfiguration configuration) {
        if (configuration().equals(configuration)) {
            return this;
        }
        Map<String, ValueTypes> changed = new LinkedHashMap<>(keys);
        changed.put(EMBEDDING_KEY, of(EMBEDDING_KEY).withConfiguration(configuration));
        return new Schema(defaults.withConfiguration(configuration), changed);
    }

    /** This schema with the keys and kinds of {@code examples} added; the same one where it has them all. */
    Schema withKeys(Map<String, MetadataValue> examples) {
        Schema schema = this;
        for (Map.Entry<String, MetadataValue> example : examples.entrySet()) {
            ValueTypes noted = schema.types(example.getValue());
            if (schema.isNew(example.getKey(), noted)) {
                schema = schema.withKey(example.getKey(), noted);
            }
        }
        return schema;
    }

    /** Whether this is what a caller sends who has nothing to say; to be asked of a complete schema. */
    boolean isDefault() {
        CollectionConfiguration own = configuration();
        return EmbeddingFunctionJson.isDefault(own.embeddingFunctionJson())
                && withConfiguration(own.withEmbeddingFunction(null)).equals(DEFAULT);
    }

    /** What a key with this value has at least, the indexes as in the defaults; nothing for an empty array. */
    private ValueTypes types(MetadataValue value) {
        if (value instanceof MetadataValue.Sparse) {
            return new ValueTypes(Map.of(), null, null, defaults.sparseVector());
        }
        ValueKind kind = ValueKind.of(value);
        return kind == null
                ? ValueTypes.NONE
                : new ValueTypes(Map.of(kind, defaults.inverted().getOrDefault(kind, true)), null, null, null);
    }

    private boolean isNew(String key, ValueTypes noted) {
        return keys.containsKey(key)
                ? !of(key).knows(noted)
                : !noted.equals(ValueTypes.NONE) && keys.size() < KEYS_MAX && !key.startsWith(RESERVED_PREFIX);
    }

    private Schema withKey(String key, ValueTypes noted) {
        Map<String, ValueTypes> all = new LinkedHashMap<>(keys);
        all.put(key, of(key).completed(noted));
        return new Schema(defaults, all);
    }

    private ValueTypes of(String key) {
        return keys.getOrDefault(key, ValueTypes.NONE);
    }

    private VectorIndex vectorIndex() {
        VectorIndex vector = of(EMBEDDING_KEY).vector();
        if (vector == null) {
            throw new IllegalStateException("the schema is not complete: no vector index of " + EMBEDDING_KEY);
        }
        return vector;
    }
}
