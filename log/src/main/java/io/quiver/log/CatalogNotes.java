package io.quiver.log;

import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.QuiverException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts into a catalog what entries of the log brought after it was copied: the dimension of a first write, new metadata
 * keys. Does for a restore what {@link RecordWriter} does before a write. Blocks; belongs to one thread.
 */
public final class CatalogNotes {
    private final Catalog catalog;
    private final NotedKeys notedKeys = new NotedKeys();

    public CatalogNotes(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Returns false where the catalog does not know the collection. */
    public boolean note(LogEntry entry) {
        Optional<Collection> collection = find(entry.collection());
        collection.ifPresent(known -> {
            fixDimension(known, entry);
            noteKeys(known.id(), entry);
        });
        return collection.isPresent();
    }

    private Optional<Collection> find(CollectionId id) {
        return catalog.collection(id).onErrorComplete(QuiverException.class).blockOptional();
    }

    private void fixDimension(Collection collection, LogEntry entry) {
        if (collection.dimension() == null) {
            entry.operations().stream()
                    .map(RecordRules::embedding)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(Embedding::dimension)
                    .ifPresent(dimension ->
                            catalog.fixDimension(collection.id(), dimension).block());
        }
    }

    private void noteKeys(CollectionId id, LogEntry entry) {
        for (Map<String, MetadataValue> examples : notedKeys.unknown(id, entry.operations())) {
            catalog.noteKeys(id, examples).block();
            notedKeys.note(id, examples);
        }
    }
}
