package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;

/** What happened in the catalog, in the order in which it did. */
public sealed interface CatalogEvent {
    CollectionId collection();

    record Created(Collection created) implements CatalogEvent {
        @Override
        public CollectionId collection() {
            return created.id();
        }
    }

    record Dropped(CollectionId collection) implements CatalogEvent {}

    record Published(CollectionId collection, Manifest manifest) implements CatalogEvent {}
}
