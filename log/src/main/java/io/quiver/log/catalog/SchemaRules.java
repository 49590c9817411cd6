package io.quiver.log.catalog;

import io.quiver.log.record.QuiverException;

/** Which index may be where in a schema that a caller gave. */
final class SchemaRules {
    private SchemaRules() {}

    static void check(Schema schema) {
        require(schema.keys().size() <= Schema.KEYS_MAX, "Expected at most " + Schema.KEYS_MAX + " keys");
        checkDefaults(schema.defaults());
        schema.keys().forEach((key, types) -> {
            switch (key) {
                case Schema.DOCUMENT_KEY -> checkDocument(types);
                case Schema.EMBEDDING_KEY -> checkEmbedding(types);
                default -> checkMetadataKey(key, types);
            }
        });
    }

    private static void checkDefaults(ValueTypes defaults) {
        require(!isVectorEnabled(defaults), "Vector index cannot be enabled in defaults, only on key '#embedding'");
        require(!isFullTextEnabled(defaults), "FTS index cannot be enabled in defaults, only on key '#document'");
        require(
                defaults.sparseVector() == null || !defaults.sparseVector().enabled(),
                "Sparse vector index cannot be enabled in defaults, only on a specific key");
        checkSources(defaults);
    }

    private static void checkDocument(ValueTypes types) {
        boolean onlyString = types.vector() == null
                && types.sparseVector() == null
                && types.inverted().keySet().stream().allMatch(ValueKind.STRING::equals);
        require(onlyString, "Key '#document' can only have indexes of type 'string'");
    }

    private static void checkEmbedding(ValueTypes types) {
        boolean onlyVector = types.fullText() == null
                && types.sparseVector() == null
                && types.inverted().isEmpty();
        require(onlyVector, "Key '#embedding' can only have indexes of type 'float_list'");
        checkSources(types);
    }

    private static void checkMetadataKey(String key, ValueTypes types) {
        require(!key.isEmpty(), "Key cannot be empty");
        require(!key.startsWith("#"), "Key cannot start with '#'");
        require(!isVectorEnabled(types), "Vector index can only be enabled on key '#embedding'");
        require(!isFullTextEnabled(types), "FTS index can only be enabled on key '#document'");
        checkSources(types);
    }

    private static void checkSources(ValueTypes types) {
        ValueTypes.VectorIndex vector = types.vector();
        require(
                vector == null
                        || vector.sourceKey() == null
                        || vector.sourceKey().equals(Schema.DOCUMENT_KEY),
                "Source key of the vector index can only be '#document'");
        ValueTypes.SparseVectorIndex sparse = types.sparseVector();
        require(
                sparse == null
                        || sparse.sourceKey() == null
                        || sparse.embeddingFunctionJson() != null
                        || sparse.isBm25(),
                "Source key of a sparse vector index needs an embedding function");
        if (sparse != null && sparse.isBm25()) {
            sparse.bm25Parameters();
        }
    }

    private static boolean isVectorEnabled(ValueTypes types) {
        return types.vector() != null && types.vector().enabled();
    }

    private static boolean isFullTextEnabled(ValueTypes types) {
        return types.fullText() != null && types.fullText().enabled();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw QuiverException.invalid("Validation error: schema: " + otherwise);
        }
    }
}
