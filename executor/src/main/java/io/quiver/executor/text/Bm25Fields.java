package io.quiver.executor.text;

import io.quiver.log.DerivedFields;
import io.quiver.log.catalog.Bm25Source;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Schema;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives records the BM25 vectors that the schema of their collection asks for, wherever a write says the text and says
 * nothing of the vector. What a caller gave or took away under the key stays so. A text in the metadata that goes, or
 * becomes something else than a text, takes the vector along. Safe on every thread.
 */
public final class Bm25Fields implements DerivedFields {
    @Override
    public boolean concern(Collection collection) {
        return !collection.schema().bm25Sources().isEmpty();
    }

    @Override
    public List<Operation> addTo(Collection collection, List<Operation> operations) {
        Map<String, Source> sources = new LinkedHashMap<>();
        collection.schema().bm25Sources().forEach((key, source) -> sources.put(key, Source.of(source)));
        return operations.stream()
                .map(operation -> completed(operation, sources))
                .toList();
    }

    private record Source(String key, Bm25 bm25) {
        static Source of(Bm25Source source) {
            return new Source(source.key(), Bm25.of(source.parameters()));
        }
    }

    private static Operation completed(Operation operation, Map<String, Source> sources) {
        return switch (operation) {
            case Operation.Add(VectorRecord record) -> new Operation.Add(completed(record, sources));
            case Operation.Upsert(RecordPatch patch, Embedding _) -> new Operation.Upsert(completed(patch, sources));
            case Operation.Update(RecordPatch patch) -> new Operation.Update(completed(patch, sources));
            case Operation.Delete delete -> delete;
        };
    }

    private static VectorRecord completed(VectorRecord record, Map<String, Source> sources) {
        MetadataPatch fields = completed(record.document(), MetadataPatch.setting(record.metadata()), sources);
        Metadata metadata = Metadata.EMPTY.patched(fields);
        return new VectorRecord(record.id(), record.embedding(), record.document(), record.uri(), metadata);
    }

    private static RecordPatch completed(RecordPatch patch, Map<String, Source> sources) {
        MetadataPatch fields = completed(patch.document(), patch.metadata(), sources);
        return new RecordPatch(patch.id(), patch.embedding(), patch.document(), patch.uri(), fields);
    }

    private static MetadataPatch completed(
            @Nullable String document, MetadataPatch given, Map<String, Source> sources) {
        Map<String, MetadataValue> set = new LinkedHashMap<>(given.set());
        Set<String> removed = new TreeSet<>(given.removed());
        Map<Source, SparseVector> vectors = new HashMap<>();
        sources.forEach((key, source) -> {
            if (given.set().containsKey(key) || given.removed().contains(key)) {
                return;
            }
            String text = text(source.key, document, given.set());
            if (text != null) {
                set.put(key, new MetadataValue.Sparse(vectors.computeIfAbsent(source, _ -> source.bm25.vector(text))));
            } else if (given.set().containsKey(source.key) || given.removed().contains(source.key)) {
                removed.add(key);
            }
        });
        return new MetadataPatch(set, removed);
    }

    private static @Nullable String text(String source, @Nullable String document, Map<String, MetadataValue> set) {
        if (source.equals(Schema.DOCUMENT_KEY)) {
            return document;
        }
        return set.get(source) instanceof MetadataValue.Text(String text) ? text : null;
    }
}
