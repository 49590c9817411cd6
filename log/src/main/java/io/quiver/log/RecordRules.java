package io.quiver.log;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a write must keep to, so that everything in the log can be applied. Refuses with {@code INVALID_ARGUMENT} and,
 * where Chroma's API has a message, with that. Safe on every thread.
 */
final class RecordRules {
    /** All sparse vectors that one operation sets, with their tokens: enough for two of the longest without. */
    private static final int SPARSE_BYTES_MAX = 1 << 20;

    private final RecordLimits limits;

    RecordRules(RecordLimits limits) {
        this.limits = limits;
    }

    /** Throws for the first operation that may not be written to the collection. */
    void check(Collection collection, List<Operation> operations) {
        if (operations.size() > limits.batchRecordsMax()) {
            throw QuiverException.invalid("a write of %d records is more than the limit of %d"
                    .formatted(operations.size(), limits.batchRecordsMax()));
        }
        checkDimensions(collection, operations);
        for (int i = 0; i < operations.size(); i++) {
            checkOperation(operations.get(i), i);
        }
    }

    /** Throws where the operation may not be written to the collection, alone or among others. */
    void check(Collection collection, Operation operation, int index) {
        checkDimensions(collection, List.of(operation));
        checkOperation(operation, index);
    }

    /** Throws where embeddings of this dimension do not belong into the collection. */
    void checkDimension(Collection collection, int dimension) {
        Integer expected = collection.dimension();
        if (expected != null && expected != dimension) {
            throw QuiverException.invalid(
                    "Collection expecting embedding with dimension of %d, got %d".formatted(expected, dimension));
        }
    }

    private void checkDimensions(Collection collection, List<Operation> operations) {
        int first = 0;
        for (Operation operation : operations) {
            Embedding embedding = embedding(operation);
            int dimension = embedding == null ? first : embedding.dimension();
            first = first == 0 ? dimension : first;
            if (dimension != first) {
                throw QuiverException.invalid("Inconsistent dimensions in provided embeddings");
            }
        }
        if (first > limits.dimensionMax()) {
            throw QuiverException.invalid(
                    "a dimension of %d is more than the limit of %d".formatted(first, limits.dimensionMax()));
        }
        if (first != 0) {
            checkDimension(collection, first);
        }
    }

    /** The first embedding of an operation, {@code null} where it has none. */
    static @Nullable Embedding embedding(Operation operation) {
        return switch (operation) {
            case Operation.Add(VectorRecord record) -> record.embedding();
            case Operation.Upsert(RecordPatch _, Embedding embedding) -> embedding;
            case Operation.Update(RecordPatch patch) -> patch.embedding();
            case Operation.Delete _ -> null;
        };
    }

    /** The first that an operation of the batch has, {@code null} where none has one. */
    static @Nullable Embedding firstEmbedding(List<Operation> batch) {
        return batch.stream()
                .map(RecordRules::embedding)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The metadata that an operation sets. */
    static Map<String, MetadataValue> metadata(Operation operation) {
        return switch (operation) {
            case Operation.Add(VectorRecord record) -> record.metadata().fields();
            case Operation.Upsert(RecordPatch patch, Embedding _) ->
                patch.metadata().set();
            case Operation.Update(RecordPatch patch) -> patch.metadata().set();
            case Operation.Delete _ -> Map.of();
        };
    }

    private void checkOperation(Operation operation, int index) {
        checkId(operation.id(), index);
        Embedding embedding = embedding(operation);
        if (embedding != null && !embedding.isFinite()) {
            throw QuiverException.invalid(
                    "Invalid embedding at index %d: all values must be finite numbers".formatted(index));
        }
        switch (operation) {
            case Operation.Add(VectorRecord record) -> {
                checkTexts(record.document(), record.uri(), index);
                checkMetadata(record.metadata().fields(), Set.of(), index);
            }
            case Operation.Upsert(RecordPatch patch, Embedding _) -> checkPatch(patch, index);
            case Operation.Update(RecordPatch patch) -> checkPatch(patch, index);
            case Operation.Delete _ -> {}
        }
    }

    private void checkPatch(RecordPatch patch, int index) {
        MetadataPatch metadata = patch.metadata();
        checkTexts(patch.document(), patch.uri(), index);
        checkMetadata(metadata.set(), metadata.removed(), index);
    }

    private void checkId(String id, int index) {
        if (id.isEmpty()) {
            throw QuiverException.invalid("Empty ID, ID must have at least one character");
        }
        checkText("ID", id, limits.idBytesMax(), index);
    }

    private void checkTexts(@Nullable String document, @Nullable String uri, int index) {
        if (document != null) {
            checkText("document", document, limits.documentBytesMax(), index);
        }
        if (uri != null) {
            checkText("uri", uri, limits.uriBytesMax(), index);
        }
    }

    private static void checkText(String what, String text, int bytesMax, int index) {
        long sizeBytes = Utf8.sizeBytes(text);
        if (sizeBytes == Utf8.ILL_FORMED) {
            throw QuiverException.invalid("Invalid %s at index %d: not well-formed Unicode".formatted(what, index));
        }
        if (sizeBytes > bytesMax) {
            throw QuiverException.invalid("Invalid %s at index %d: %d bytes are more than the limit of %d"
                    .formatted(what, index, sizeBytes, bytesMax));
        }
    }

    private static void checkSparse(Map<String, MetadataValue> set, int index) {
        long sizeBytes = 0;
        for (MetadataValue value : set.values()) {
            if (value instanceof MetadataValue.Sparse(var vector)) {
                sizeBytes += vector.size() * (long) (Integer.BYTES + Float.BYTES) + tokensBytes(vector, index);
            }
        }
        if (sizeBytes > SPARSE_BYTES_MAX) {
            throw QuiverException.invalid(
                    "Invalid metadata at index %d: %d bytes of sparse vectors are more than the limit of %d"
                            .formatted(index, sizeBytes, SPARSE_BYTES_MAX));
        }
    }

    private static long tokensBytes(SparseVector vector, int index) {
        List<String> tokens = vector.tokens();
        return tokens == null
                ? 0
                : tokens.stream().mapToLong(token -> textBytes(token, index)).sum();
    }

    private void checkMetadata(Map<String, MetadataValue> set, Set<String> removed, int index) {
        checkSparse(set, index);
        int keyCount = set.size() + removed.size();
        if (keyCount > limits.metadataKeysMax()) {
            throw QuiverException.invalid("Invalid metadata at index %d: %d keys are more than the limit of %d"
                    .formatted(index, keyCount, limits.metadataKeysMax()));
        }
        long sizeBytes = 0;
        for (String key : removed) {
            sizeBytes += keyBytes(key, index);
        }
        for (Map.Entry<String, MetadataValue> field : set.entrySet()) {
            sizeBytes += keyBytes(field.getKey(), index) + valueBytes(field.getValue(), index);
        }
        if (sizeBytes > limits.metadataBytesMax()) {
            throw QuiverException.invalid("Invalid metadata at index %d: %d bytes are more than the limit of %d"
                    .formatted(index, sizeBytes, limits.metadataBytesMax()));
        }
    }

    private static long keyBytes(String key, int index) {
        if (key.isEmpty() || key.startsWith("#") || key.startsWith("$")) {
            throw QuiverException.invalid("Invalid metadata at index %d".formatted(index));
        }
        return textBytes(key, index);
    }

    private static long valueBytes(MetadataValue value, int index) {
        return switch (value) {
            case MetadataValue.Bool _ -> 1;
            case MetadataValue.Int _, MetadataValue.Real _ -> Long.BYTES;
            case MetadataValue.Text(String text) -> textBytes(text, index);
            case MetadataValue.Array(var values) -> {
                long sizeBytes = values.size();
                for (MetadataValue element : values) {
                    sizeBytes += valueBytes(element, index);
                }
                yield sizeBytes;
            }
            case MetadataValue.Sparse _ -> 0; // they have a limit of their own
        };
    }

    private static long textBytes(String text, int index) {
        long sizeBytes = Utf8.sizeBytes(text);
        if (sizeBytes == Utf8.ILL_FORMED) {
            throw QuiverException.invalid("Invalid metadata at index %d: not well-formed Unicode".formatted(index));
        }
        return sizeBytes;
    }
}
